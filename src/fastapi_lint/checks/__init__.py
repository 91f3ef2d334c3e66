"""The code of the rules: one module for each, imported only when the rule is selected.

The page `rules/<folder>/<name>.md` names the module `<folder>/<name with underscores>.py`, which holds
`def check(project: Project) -> Iterator[Finding]`.
"""
