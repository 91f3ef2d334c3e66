"""Which library calls block the thread that runs them.

A name ends in `.` or `*` if everything below it blocks. Sources: the libraries' documentation; Ruff's ASYNC210 to
ASYNC251 for the standard library.
"""

from __future__ import annotations

from collections.abc import Iterable

_EXACT = frozenset(
    {
        "time.sleep",
        "os.system", "os.popen", "os.wait", "os.waitpid",
        "subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
        "subprocess.getoutput", "subprocess.getstatusoutput", "subprocess.Popen.wait", "subprocess.Popen.communicate",
        "urllib.request.urlopen", "urllib.request.urlretrieve",
        "urllib3.request", "urllib3.PoolManager.request", "urllib3.PoolManager.urlopen",
        "requests.get", "requests.post", "requests.put", "requests.patch", "requests.delete", "requests.head",
        "requests.options", "requests.request",
        "httpx.get", "httpx.post", "httpx.put", "httpx.patch", "httpx.delete", "httpx.head", "httpx.options",
        "httpx.request", "httpx.stream",
        "socket.create_connection", "socket.getaddrinfo", "socket.gethostbyname", "socket.socket.connect",
        "socket.socket.recv", "socket.socket.send", "socket.socket.sendall", "socket.socket.accept",
        "smtplib.SMTP", "smtplib.SMTP_SSL",
        "psycopg2.connect", "psycopg.connect", "pymysql.connect", "MySQLdb.connect", "mysql.connector.connect",
        "sqlite3.connect", "cx_Oracle.connect", "oracledb.connect", "pyodbc.connect", "pymssql.connect",
        "shutil.copyfileobj", "shutil.copytree", "shutil.rmtree", "shutil.make_archive", "shutil.unpack_archive",
        "paramiko.SSHClient.connect", "paramiko.SSHClient.exec_command", "ftplib.FTP",
    }
)  # fmt: skip

_METHODS: dict[str, frozenset[str]] = {
    "requests.Session": frozenset("get post put patch delete head options request send".split()),
    "httpx.Client": frozenset("get post put patch delete head options request send stream".split()),
    "smtplib.SMTP": frozenset("connect login sendmail send_message starttls quit ehlo helo".split()),
    "smtplib.SMTP_SSL": frozenset("connect login sendmail send_message quit ehlo helo".split()),
    "psycopg2.connection": frozenset("commit rollback".split()),
    "psycopg2.cursor": frozenset("execute executemany fetchone fetchall fetchmany callproc".split()),
    "psycopg.Connection": frozenset("execute commit rollback".split()),
    "psycopg.Cursor": frozenset("execute executemany fetchone fetchall fetchmany".split()),
    "sqlite3.Connection": frozenset("execute executemany executescript commit rollback".split()),
    "sqlite3.Cursor": frozenset("execute executemany executescript fetchone fetchall fetchmany".split()),
    "pymysql.Connection": frozenset("commit rollback ping query".split()),
}

_REDIS_PURE = frozenset(
    "from_url pipeline pubsub register_script lock connection_pool close get_connection_kwargs __init__".split()
)
_MONGO_CALLS = frozenset(
    "find_one insert_one insert_many update_one update_many replace_one delete_one delete_many count_documents "
    "estimated_document_count distinct find_one_and_update find_one_and_delete find_one_and_replace bulk_write "
    "create_index create_indexes drop command list_collection_names list_database_names server_info".split()
)
_BOTO_PURE = frozenset("meta exceptions get_paginator get_waiter can_paginate generate_presigned_url".split())


def is_blocking(name: str, extra: Iterable[str] = ()) -> bool:
    """Whether a call of the library's function or method `name` (canonical, dotted) blocks.

    `extra` holds the configured names, exact or ending in `.*`.
    """
    return name in _EXACT or _is_blocking_method(name) or any(_matches(name, given) for given in extra)


def _matches(name: str, given: str) -> bool:
    if given.endswith(".*"):
        return name.startswith(given[:-1])
    return name == given


def _is_blocking_method(name: str) -> bool:
    owner, _, method = name.rpartition(".")
    if owner in _METHODS:
        return method in _METHODS[owner]
    if owner == "redis.Redis":
        return method not in _REDIS_PURE and not method.startswith("_")
    if owner in ("boto3.client", "boto3.resource"):
        return method not in _BOTO_PURE and not method[:1].isupper()
    if owner.startswith(("pymongo.MongoClient", "pymongo.mongo_client.MongoClient", "pymongo.collection.Collection")):
        return method in _MONGO_CALLS
    return False
