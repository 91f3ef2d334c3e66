"""Sources that hold every construct of Python's grammar, 3.8 to 3.14, in few lines each."""
# ruff: noqa: E501

import pytest

EXPRESSIONS = """
x = (a)
(((a)))
a.b.c; (a.b).c; ((a).b).c
f(); f(a); f(a,); f(*a, b, *c, d=1, **e, f=(2),); f((a)); (f)(a)(b)[c](d)
f(x for x in y); f((x for x in y)); (x for x in y); ((x for x in y)); f(1, (x for x in y))
[]; [a]; [a,]; [*a, b]; [(a), (b)]
(); (a,); ((a, b)); a, b; (a), (b); *a, b; (*a,), [*b]
{a}; {a, *b,}; {}; {a: b}; {a: b, **c, (d): (e),}
a[0]; a[(0)]; a[0, 1]; a[0,]; a[:]; a[::]; a[1:2:3]; a[(1):(2):(3), ...]; a[:, ::2]; (a)[(b)]
a + b; a + b * c - d | e; (a + b) + c; a + (b + c); a ** b ** -c; a @ b // c % d << e >> f & g ^ h
(a + b) * (c); -(a) ** (b)
a and b and c or d or e and f; (a and b) and c; a and (b and c); not a and not (b)
a < b <= c != d == e > f >= g; a in b; a not in b; a is b; a is not b; (a) < (b); (a < b) < c
not a; not not a; -a; +a; ~a; - -a; -1; (-(1))
a if b else c; a if b else c if d else e; (a if b else c) if (d) else (e)
lambda: a; lambda a, b=1, /, c=(2), *d, e, f=3, **g: (a); lambda *, a: a; lambda *a: (lambda: a); lambda a, /: a
[x for x in y]; {x for x in y if a if (b)}; {x: y for x, y in z}; [x for x in y for z in (w)]; [(x, y) for (x), y, in z]
[[x for x in y] for y in [z for z in w]]
(y := 1); f(y := (1)); [y := 2]; a[y := 3]; ((y) for y in (z := w))
""".strip()

LITERALS = """
1; 1_000; 0xFF; 0o17; 0b1_0; 1.5; .5; 1.; 1e3; 1_0.5e-1_0; 1j; 1.5J; 0; 00; 18446744073709551615; 18446744073709551616
-9223372036854775808; 99999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999
'a'; "a"; ''; "\\n\\t\\x41\\u0042\\U00000043\\101\\'\\"\\\\"; r'\\n'; R"\\""; u'x'; 'a' "b"; ('a'
    'b'   # a comment
    "c"); 'a' \\
  'b'; "\\d"; '\\
'
b'a'; b"a" b'b'; rb'\\n'; BR"x"; '\\N{DASH}'; '\\ud800'; '\\0'; '\\8'
'''a
b'''; \"\"\"a"b""c\"\"\"; r'''\\n'''; 'é' 'ü😀' + 名前
True; False; None; ...; (...); (True)
""".strip()

TEMPLATES = """
f'a'; f''; F"{a}"; f'{a}{b}'; f'a{a}b{b}c'; f'{{a}}'; f'{{{a}}}'; rf'\\{a}'; fR"{a}\\n"; f'\\n{a}\\x41'
f'{a!r}'; f'{a!s:>10}'; f'{a:{b}.{c}}'; f'{a:%Y-%m-%d}'; f'{a=}'; f'{a = !r:^20}'; f'{a:{b!r}}'
f'{a.b(c, d="e")[0]}'; f'{ {a: b}[a] }'; f'{(lambda x: x)(1)}'; f'{a if b else c}'; f'{a != b}'; f'{a, b}'; f'{*a, b}'
f'''{a
}
{b}'''; f'a' 'b' f'{c}'; 'a' f'{b}' "c"; (f'{a}' f'{b}'); f'\\N{DASH}{a}'; f'{x:a{y}b{z}c}'
x = f'{f"{a}"}'; f'{yield_}'; f'{(yield)}'; f'{a}'.b; f(f'{a}', f'{b}'); f'{"x"}{chr(10)}'; f'{a:\\n}'; f"# {a} (["
""".strip()

NESTED_TEMPLATES = """
f'{f'{f'{a}'}'}'; f"{a["b"]}"; f'{'\\n'.join(a)}'; f"{
    a  # a comment with } and "
    + b
}"; f'{a:{f'{b}'}}'; f"{"{"}"; f'{'#'}'; f"{x:{"{"}>10}"
""".strip()

T_STRINGS = """
t'a{b}c'; T"{a!r:>{w}}"; rt'\\{a}'; t'{a}' t'{b}'; t'''{a
}'''
""".strip()

STATEMENTS = """
a = b; a = b = c; (a) = (b); a, b = c; (a, b) = [c, d] = e; a.b = a[0] = 1; a, *b = c; [a, *b] = c; a = *b, c
a += b; a -= b; a *= b; a /= b; a //= b; a %= b; a @= b; a &= b; a |= b; a ^= b; a >>= b; a <<= b; a **= (b)
a: int; a: int = 1; a.b: (int); a[0]: "x" = 2, 3
del a; del a, b; del (a, b); del (a), b[0]; del [a]; del a,
assert a; assert a, b; assert (a), (b)
raise; raise a; raise a from b; raise (a) from (b)
pass; pass
import a; import a.b.c; import a as b; import a.b as c, d; import a . b
from a import b; from . import a; from .. import a as b, c; from ...a.b import (c, d as e,); from .... import a; from a import *
from . a import (
    b,  # why
    c
)
global_ = 1
if a: pass
if (a):
    b
elif (c): d
elif e:
    f
else:
    g; h;
if a:
    if b: c
    elif d: e
else:
    if f: g
while a: break
while (a):
    continue
else:
    pass
for a in b: pass
for a, b in c, d:
    pass
else: pass
for (a) in (b): pass
for [a, b], *c in d: pass
with a: pass
with a as b, c as (d, e): pass
with (a): pass
with (a), (b): pass
with (a) as b: pass
with (a, b) as c: pass
with f(a)(b) as c.d, e as g[0]: pass
try: a
except: b
try:
    a
except A: b
except (A, B) as c: d
except (A): e
else: f
finally: g
try: a
finally: b
def f(): pass
def f(a, b: int = 1, /, c: "x" = (2), *d: e, g, h: i = 3, **j: k) -> (l): return
def f(*, a): return a, b
def f(a,): return (a)
def f(*a, b=1,): yield
def f(a, /): yield a, b
def f():
    yield from (a)
    x = yield
    x = yield (a)
    return (yield)
def f():
    global a, b
    def g():
        nonlocal c
        yield
    class C: x = (lambda: (yield))
@a
@a.b(c)
@(d)
def f(): pass
async def f():
    await a; await (a); (await a).b; -await a; await a ** b
    async with a as b, c: pass
    async for a in b: pass
    else: pass
    return [x async for x in y if await z]
@a
async def f(): yield
class A: pass
class A(): pass
class A(B, C, metaclass=D, **e): x = 1
class A(B, *C,):
    '''doc'''
    a: int = 1

    @property
    def b(self): return 1
@a
class A(b.C[d]): pass
if True:
  x = 1 ; y = 2 ;
  def f(
    a,
  ): # comment
    pass  # after
  # at the end
# over
a if b else \\
    c
print  (  a  ,  b  )
(
    a
    .b()
    .c(d)
)
""".strip()

PARENTHESISED_WITH = """
with (a as b): pass
with (a as b, c as d,): pass
with (a, b): pass
with (yield_): pass
async def f():
    async with (a as b, c): pass
""".strip()

MATCH = """
match a:
    case 1: pass
    case -1 | 1.5 | -1+2j | "a" "b" | None | True: pass
    case x: pass
    case _: pass
match a, b:
    case (x, y): pass
    case [x, *y]: pass
    case x, *_: pass
    case x,: pass
    case (x): pass
    case ((1) as x): pass
    case []: pass
    case (): pass
match (a):
    case {}: pass
    case {"a": 1, b.c: x, **rest}: pass
    case {"a": {"b": [x, _]}, **rest,}: pass
    case {-1: x,}: pass
    case A(): pass
    case a.B(x, 1, y=2, z=C(w),): pass
    case A(x) | B(x) as y if x > (1): pass
    case (A() | B()) as y: pass
    case [A(1 | 2), *xs] if y: a
match = 1; case = match; type = case; _ = type
match(a)
match[a]
match.a
print(match, case, type)
""".strip()

EXCEPT_STAR = """
try: a
except* A: b
except* (A, B) as c: d
else: e
finally: f
""".strip()

STARRED = """
def f(*args: *A): pass
a[*b]; a[*b, c]; a[b, *c] if 0 else e
""".strip()

TYPE_PARAMETERS = """
type X = int
type X[T] = list[T]
type X[T: int, *Ts, **P] = a[T]
def f[T](a: T) -> T: pass
def f[T: (int, str), *Ts, **P](): pass
class A[T: B[C]](D): pass
class A[T]: pass
async def f[T,](): pass
""".strip()

TYPE_DEFAULTS = """
type X[T = int, *Ts = *tuple[int], **P = [int]] = T
def f[T: int = str](): pass
class A[T = (yield_)]: pass
""".strip()

UNPARENTHESISED_EXCEPT = """
try: a
except A, B: b
try: a
except* A, B: b
""".strip()

# What LibCST reads ahead of the newest Python: lazy imports (PEP 810), unpacking in comprehensions (PEP 798).
FUTURE = """
lazy import a.b as c
lazy from . import (a, b)
[*x for x in y]; {*x for x in y}; {**x for x in y}; (*x for x in y)
lazy = 1
""".strip()

SAMPLES = {
    "empty": "",
    "blank": "\n \n\t\n",
    "comment": "# only",
    "expressions": EXPRESSIONS,
    "literals": LITERALS,
    "templates": TEMPLATES,
    "nested_templates": NESTED_TEMPLATES,
    "t_strings": T_STRINGS,
    "statements": STATEMENTS,
    "parenthesised_with": PARENTHESISED_WITH,
    "match": MATCH,
    "except_star": EXCEPT_STAR,
    "starred": STARRED,
    "type_parameters": TYPE_PARAMETERS,
    "type_defaults": TYPE_DEFAULTS,
    "unparenthesised_except": UNPARENTHESISED_EXCEPT,
    "future": FUTURE,
    "form_feed": "a = 1\n\x0c\ndef f():\n    b\n\x0c\n    c\n",
    "unicode": "é = 'ü'; 名前.属性(é)  # 注\nक्षेत्र = x𝒚 + 𐀀\nf('😀', é)\n",
    "no_newline": "def f():\n    return 1",
    "tabs": "if a:\n\tif b:\n\t\tc\n\td\n",
    "continuations": "x = \\\n  1 + \\\n  2\nif a and \\\n   b:\n    c\nassert a, \\\n  b\nfrom a import \\\n  b\n",
}
SAMPLES |= {f"{name}_crlf": text.replace("\n", "\r\n") for name, text in SAMPLES.items()}


@pytest.fixture(params=sorted(SAMPLES))
def sample(request: pytest.FixtureRequest) -> str:
    """A source, one after the other."""
    return SAMPLES[request.param]
