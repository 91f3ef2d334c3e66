"""Which names of libraries block."""

import pytest

from fastapi_lint.project.calls.blocking import is_blocking


@pytest.mark.parametrize(
    "name",
    [
        *("time.sleep", "requests.get", "requests.Session.post", "httpx.get", "httpx.Client.send"),
        *("subprocess.run", "smtplib.SMTP", "psycopg2.cursor.execute", "redis.Redis.get", "sqlite3.connect"),
        *("boto3.client.put_object", "boto3.resource.Bucket.upload_file", "sqlalchemy.Engine.connect"),
        *("pymongo.MongoClient.shop.users.find_one", "openai.OpenAI.chat.completions.create"),
    ],
)
def test_blocking(name: str) -> None:
    assert is_blocking(name)


@pytest.mark.parametrize(
    "name",
    [
        *("asyncio.sleep", "httpx.AsyncClient.get", "redis.asyncio.Redis.get", "aiohttp.ClientSession.get"),
        *("redis.Redis.pipeline", "boto3.client.generate_presigned_url", "boto3.resource.Bucket"),
        *("pymongo.AsyncMongoClient.shop.users.find_one", "openai.AsyncOpenAI.chat.completions.create"),
        *(
            "openai.OpenAI",
            "requests.Session",
            "sqlalchemy.create_engine",
            "pymongo.MongoClient.shop.users.find",
        ),
    ],
)
def test_not_blocking(name: str) -> None:
    assert not is_blocking(name)


def test_configured_names() -> None:
    assert is_blocking("acme.fetch", ["acme.fetch"])
    assert is_blocking("acme.db.load", ["acme.db.*"])
    assert not is_blocking("acme.database.load", ["acme.db.*"])
    assert not is_blocking("acme.fetch_all", ["acme.fetch"])
