"""Which calls block the thread that runs them.

Sources: the libraries' documentation; Ruff's ASYNC210 to ASYNC251 for the standard library and HTTP clients.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastapi_lint.facts.python.syntax import Constant, Expr
from fastapi_lint.project.body.statements import argument
from fastapi_lint.project.names.symbols import External, FunctionSymbol

if TYPE_CHECKING:
    from fastapi_lint.project.calls.graph import CallSite

_FUNCTIONS = frozenset(
    {
        "time.sleep",
        "builtins.input",
        *(f"os.{name}" for name in "system popen wait wait3 wait4 waitpid".split()),
        *(f"subprocess.{name}" for name in "run call check_call check_output getoutput".split()),
        "subprocess.getstatusoutput",
        *("urllib.request.urlopen", "urllib.request.urlretrieve", "urllib3.request"),
        *(f"requests.{name}" for name in "get post put patch delete head options request".split()),
        *(f"httpx.{name}" for name in "get post put patch delete head options request stream".split()),
        *(f"socket.{name}" for name in "create_connection getaddrinfo gethostbyname gethostbyaddr".split()),
        *("smtplib.SMTP", "smtplib.SMTP_SSL", "ftplib.FTP", "ftplib.FTP_TLS", "imaplib.IMAP4_SSL"),
        *("psycopg2.connect", "psycopg.connect", "pymysql.connect", "MySQLdb.connect", "sqlite3.connect"),
        *("mysql.connector.connect", "oracledb.connect", "cx_Oracle.connect", "pyodbc.connect"),
        *("pymssql.connect", "snowflake.connector.connect", "pika.BlockingConnection"),
        *(f"shutil.{name}" for name in "copyfileobj copytree make_archive unpack_archive".split()),
        *("concurrent.futures.wait", "concurrent.futures.as_completed"),
        *("openai.ChatCompletion.create", "openai.Completion.create", "openai.Embedding.create"),
    }
)
"""Functions, and classes whose construction connects."""

_HTTP = frozenset("get post put patch delete head options request send stream".split())
_SMTP = frozenset("connect login sendmail send_message starttls quit ehlo helo noop".split())
_CURSOR = frozenset("execute executemany executescript fetchone fetchall fetchmany callproc copy".split())
_CONNECTION = frozenset("execute executemany executescript commit rollback ping".split())
_SQLALCHEMY = frozenset(
    "execute scalar scalars stream_results exec_driver_sql commit rollback begin_nested".split()
)
_DOCUMENTS = frozenset(
    "search index get create update delete bulk count msearch mget exists update_by_query delete_by_query "
    "reindex ping info".split()
)
_OBJECTS = frozenset(
    "put_object get_object fput_object fget_object remove_object stat_object bucket_exists make_bucket "
    "list_buckets copy_object".split()
)

_METHODS: dict[str, frozenset[str]] = {
    "requests.Session": _HTTP,
    "httpx.Client": _HTTP,
    "urllib3.PoolManager": frozenset({"request", "urlopen"}),
    "subprocess.Popen": frozenset({"wait", "communicate"}),
    "socket.socket": frozenset("connect recv recvfrom send sendall accept".split()),
    "threading.Thread": frozenset({"join"}),
    "threading.Event": frozenset({"wait"}),
    "concurrent.futures.Future": frozenset({"result", "exception"}),
    "celery.result.AsyncResult": frozenset({"get", "wait"}),
    "smtplib.SMTP": _SMTP,
    "smtplib.SMTP_SSL": _SMTP,
    "ftplib.FTP": frozenset("connect login storbinary retrbinary nlst quit".split()),
    "paramiko.SSHClient": frozenset({"connect", "exec_command"}),
    "psycopg2.connection": _CONNECTION,
    "psycopg2.cursor": _CURSOR,
    "psycopg.Connection": _CONNECTION,
    "psycopg.Cursor": _CURSOR,
    "psycopg2.pool.SimpleConnectionPool": frozenset({"getconn"}),
    "psycopg2.pool.ThreadedConnectionPool": frozenset({"getconn"}),
    "psycopg_pool.ConnectionPool": frozenset({"getconn", "connection", "wait"}),
    "sqlite3.Connection": _CONNECTION,
    "sqlite3.Cursor": _CURSOR,
    "pymysql.Connection": _CONNECTION,
    "pymysql.Cursor": _CURSOR,
    "mysql.connector.MySQLConnection": _CONNECTION,
    "mysql.connector.MySQLCursor": _CURSOR,
    "oracledb.Connection": _CONNECTION,
    "pyodbc.Connection": _CONNECTION,
    "pyodbc.Cursor": _CURSOR,
    "sqlalchemy.Engine": frozenset({"connect", "begin", "raw_connection"}),
    "sqlalchemy.Connection": _SQLALCHEMY,
    "elasticsearch.Elasticsearch": _DOCUMENTS,
    "opensearchpy.OpenSearch": _DOCUMENTS,
    "minio.Minio": _OBJECTS,
    "twilio.rest.Client.messages": frozenset({"create"}),
    "redis.client.Pipeline": frozenset({"execute"}),
}
"""Blocking methods of classes."""

_CHAINED: dict[str, frozenset[str]] = {
    "openai.OpenAI": frozenset({"create", "parse", "generate", "retrieve", "edit"}),
    "openai.AzureOpenAI": frozenset({"create", "parse", "generate", "retrieve", "edit"}),
    "anthropic.Anthropic": frozenset({"create", "stream", "count_tokens"}),
    "groq.Groq": frozenset({"create"}),
    "mistralai.Mistral": frozenset({"complete", "create"}),
}
"""Clients whose blocking methods stand below attributes: `client.chat.completions.create`."""

_REDIS = frozenset({"redis.Redis", "redis.RedisCluster", "redis.cluster.RedisCluster"})
_REDIS_PURE = frozenset(
    "from_url pipeline pubsub register_script lock connection_pool close get_connection_kwargs "
    "get_encoder set_response_callback load_external_module __init__ __call__".split()
)
_MONGO = ("pymongo.MongoClient", "pymongo.database.Database", "pymongo.collection.Collection")
_MONGO_CALLS = frozenset(
    "find_one insert_one insert_many update_one update_many replace_one delete_one delete_many distinct "
    "count_documents estimated_document_count find_one_and_update find_one_and_delete find_one_and_replace "
    "bulk_write create_index create_indexes drop command list_collection_names list_database_names "
    "server_info".split()
)
_BOTO = ("boto3.client", "boto3.resource")
_BOTO_PURE = frozenset(
    "meta exceptions get_paginator get_waiter can_paginate generate_presigned_url generate_presigned_post "
    "close get_available_subresources".split()
)


class Blocking:
    """Answers which calls block, the configured ones included."""

    def __init__(self, extra: Iterable[str] = ()) -> None:
        self.extra = tuple(extra)

    def blocks(self, site: CallSite) -> bool:
        """Whether a call blocks, as long as it isn't awaited."""
        if site.awaited:
            return False
        if isinstance(site.callee, External):
            if site.callee.name == "time.sleep" and _is_moment(argument(site.call, 0, "secs")):
                return False
            return is_blocking(site.callee.name, self.extra)
        if isinstance(site.callee, FunctionSymbol) and not site.callee.node.is_async:
            name = f"{site.callee.module.name}.{site.callee.qualname}"
            return any(_matches(name, given) for given in self.extra)
        return False


def _is_moment(seconds: Expr | None) -> bool:
    """Whether a sleep gives way for less than 10 ms."""
    value = seconds.value if isinstance(seconds, Constant) else None
    return isinstance(value, int | float) and value < 0.01


def is_blocking(name: str, extra: Iterable[str] = ()) -> bool:
    """Whether a call of the library's function or method `name` (canonical, dotted) blocks.

    `extra` holds the configured names, exact or ending in `.*`.
    """
    return name in _FUNCTIONS or _is_blocking_method(name) or any(_matches(name, given) for given in extra)


def _matches(name: str, given: str) -> bool:
    if given.endswith(".*"):
        return name.startswith(given[:-1])
    return name == given


def _is_blocking_method(name: str) -> bool:
    owner, _, method = name.rpartition(".")
    if owner in _METHODS:
        return method in _METHODS[owner]
    if owner in _REDIS:
        return method not in _REDIS_PURE and not method.startswith("_")
    if owner.startswith(_BOTO):
        return method not in _BOTO_PURE and not method[:1].isupper() and not method.startswith("_")
    if owner.startswith(_MONGO):
        return method in _MONGO_CALLS
    client = ".".join(owner.split(".")[:2])
    return client in _CHAINED and owner != client and method in _CHAINED[client]
