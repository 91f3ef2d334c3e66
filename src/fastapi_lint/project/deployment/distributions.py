"""What is known of distributions without a lock: which ones they bring along, and what they are imported as.

Sources: the metadata of the distributions on PyPI (`requires_dist`), read in 2025.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


BRINGS: dict[str, frozenset[str]] = {
    "fastapi": _names("starlette pydantic anyio"),
    "fastapi[standard]": _names(
        "fastapi-cli uvicorn uvicorn[standard] httpx jinja2 python-multipart email-validator "
        "pydantic-settings "
        "pydantic-extra-types fastapi-cloud-cli websockets"
    ),
    "fastapi[standard-no-fastapi-cloud-cli]": _names(
        "fastapi-cli uvicorn uvicorn[standard] httpx jinja2 python-multipart email-validator "
        "pydantic-settings"
    ),
    "fastapi[all]": _names(
        "fastapi-cli uvicorn uvicorn[standard] httpx jinja2 python-multipart itsdangerous pyyaml "
        "ujson orjson "
        "email-validator pydantic-settings pydantic-extra-types websockets"
    ),
    "fastapi-cli": _names("typer uvicorn uvicorn[standard] websockets"),
    "fastapi-cli[standard]": _names("typer uvicorn uvicorn[standard] websockets"),
    "starlette": _names("anyio"),
    "starlette[full]": _names("httpx jinja2 itsdangerous python-multipart pyyaml"),
    "uvicorn": _names("click h11"),
    "uvicorn[standard]": _names("click h11 httptools python-dotenv pyyaml uvloop watchfiles websockets"),
    "uvicorn-worker": _names("uvicorn gunicorn"),
    "pydantic": _names("typing-extensions annotated-types"),
    "pydantic[email]": _names("email-validator"),
    "pydantic[dotenv]": _names("python-dotenv"),
    "pydantic-settings": _names("pydantic python-dotenv"),
    "sqlmodel": _names("sqlalchemy pydantic"),
    "sqlalchemy": _names("typing-extensions"),
    "sqlalchemy[asyncio]": _names("greenlet"),
    "sqlalchemy[postgresql]": _names("psycopg2"),
    "sqlalchemy[postgresql-asyncpg]": _names("asyncpg greenlet"),
    "sqlalchemy[postgresql-psycopg]": _names("psycopg"),
    "sqlalchemy[aiosqlite]": _names("aiosqlite greenlet"),
    "sqlalchemy[aiomysql]": _names("aiomysql greenlet"),
    "alembic": _names("sqlalchemy mako"),
    "fastapi-users": _names("fastapi python-multipart email-validator pyjwt pwdlib"),
    "fastapi-mail": _names("jinja2 email-validator pydantic-settings starlette aiosmtplib blinker"),
    "sqladmin": _names("starlette sqlalchemy wtforms jinja2 python-multipart"),
    "starlette-admin": _names("starlette jinja2 python-multipart"),
    "jinja2": _names("markupsafe"),
    "python-jose": _names("ecdsa rsa pyasn1"),
    "python-jose[cryptography]": _names("cryptography"),
    "passlib": _names(""),
    "passlib[bcrypt]": _names("bcrypt"),
    "celery": _names("kombu billiard vine click python-dateutil"),
    "celery[redis]": _names("redis"),
    "broadcaster": _names("anyio"),
    "requests": _names("urllib3 idna certifi charset-normalizer"),
    "httpx": _names("anyio httpcore certifi idna h11"),
    "aiohttp": _names("yarl multidict attrs"),
    "beanie": _names("motor pymongo pydantic lazy-model click"),
    "motor": _names("pymongo"),
    "tortoise-orm": _names("aiosqlite pypika-tortoise"),
    "slowapi": _names("limits"),
    "apscheduler": _names("tzlocal"),
    "boto3": _names("botocore jmespath s3transfer"),
    "gunicorn": _names("packaging"),
    "hypercorn": _names("h11 h2 priority wsproto"),
    "granian": _names("click"),
}
"""What a distribution, or one of its extras, installs. Extras come on top of the distribution itself."""

_ALONE = (
    "aiocache aiofiles aiokafka aiomysql aiosmtplib aiosqlite arq asgi-lifespan async-lru asyncpg "
    "bcrypt cachetools "
    "cryptography dependency-injector email-validator emails faker fastapi-cache2 fastapi-filter "
    "fastapi-limiter "
    "fastapi-pagination greenlet h11 httptools itsdangerous loguru markdown msgspec mysqlclient "
    "orjson oracledb "
    "pandas numpy passlib pillow pika aio-pika prometheus-client prometheus-fastapi-instrumentator "
    "psutil psycopg "
    "psycopg2 psycopg2-binary psycopg-binary psycopg-pool pwdlib pycryptodome pydantic-extra-types "
    "pyjwt pymongo "
    "pymysql python-dateutil python-dotenv python-multipart python-slugify pytz pyyaml redis rich sentry-sdk "
    "structlog tenacity toml tomli typer typing-extensions tzdata ujson user-agents uuid6 uvloop watchfiles "
    "websockets wsproto argon2-cffi sse-starlette dnspython httpcore anyio click colorlog "
    "asgi-correlation-id "
    "python-json-logger fastapi-utils taskiq motor"
)
ALONE = _names(_ALONE)
"""Distributions that bring none of the packages that the rules ask for."""

IMPORTED_AS: dict[str, tuple[str, ...]] = {
    "yaml": ("pyyaml",),
    "PIL": ("pillow",),
    "jwt": ("pyjwt",),
    "dotenv": ("python-dotenv",),
    "jose": ("python-jose",),
    "bs4": ("beautifulsoup4",),
    "cv2": ("opencv-python", "opencv-python-headless"),
    "sklearn": ("scikit-learn",),
    "dateutil": ("python-dateutil",),
    "psycopg2": ("psycopg2-binary", "psycopg2"),
    "MySQLdb": ("mysqlclient",),
    "attr": ("attrs",),
    "multipart": ("python-multipart",),
    "python_multipart": ("python-multipart",),
    "magic": ("python-magic",),
    "slugify": ("python-slugify", "awesome-slugify"),
    "pkg_resources": ("setuptools",),
    "fitz": ("pymupdf",),
    "docx": ("python-docx",),
    "git": ("gitpython",),
    "serial": ("pyserial",),
    "Crypto": ("pycryptodome", "pycrypto"),
    "OpenSSL": ("pyopenssl",),
    "fastapi_users_db_sqlalchemy": ("fastapi-users-db-sqlalchemy", "fastapi-users"),
}
"""Import names that differ from the distribution's."""


def distributions_of(package: str) -> tuple[str, ...]:
    """The distributions that an import name may come from, normalised."""
    from fastapi_lint.facts.requirement import normalise

    return IMPORTED_AS.get(package, (normalise(package),))
