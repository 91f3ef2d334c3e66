"""From a project and a configuration to the findings that count: select, run, suppress, order."""
