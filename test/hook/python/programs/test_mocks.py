"""Tests of a user's own that mock their network: run by pytest under the hook, none may reach the gateway."""

from unittest import mock

import httpx
import openai
import pytest
import requests

URL = "https://api.openai.com/v1/models"


def test_mock_transport():
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"mocked": True}))
    assert httpx.Client(transport=transport).get(URL).json() == {"mocked": True}


def test_mock_backend():
    import httpcore

    pool = httpcore.ConnectionPool(network_backend=httpcore.MockBackend([b"HTTP/1.1 204 No Content\r\n\r\n"]))
    assert pool.request("GET", URL).status == 204


def test_openai_with_mock_transport():
    try:
        import httpx2 as http
    except ImportError:
        http = httpx
    body = {"id": "x", "object": "list", "data": []}
    client = http.Client(transport=http.MockTransport(lambda request: http.Response(200, json=body)))
    assert openai.OpenAI(api_key="k", http_client=client).models.list().data == []


def test_respx():
    import respx

    with respx.mock:
        respx.get(URL).mock(return_value=httpx.Response(204))
        assert httpx.get(URL).status_code == 204


def test_respx_of_httpcore():
    import respx

    with respx.mock(using="httpcore") as router:
        router.get(URL).mock(return_value=httpx.Response(204))
        assert httpx.get(URL).status_code == 204


def test_responses():
    responses = pytest.importorskip("responses")
    with responses.RequestsMock() as mocked:
        mocked.get(URL, json={"mocked": True})
        assert requests.get(URL).json() == {"mocked": True}


def test_pytest_httpx(request):
    pytest.importorskip("pytest_httpx")
    httpx_mock = request.getfixturevalue("httpx_mock")
    httpx_mock.add_response(url=URL, status_code=204)
    assert httpx.get(URL).status_code == 204


def test_mounted_adapter():
    class Adapter(requests.adapters.BaseAdapter):
        def send(self, request, **kwargs):
            response = requests.Response()
            response.status_code, response.request, response.url = 204, request, request.url
            return response

        def close(self):
            pass

    session = requests.Session()
    session.mount("https://", Adapter())
    assert session.get(URL).status_code == 204


def test_patched_adapter():
    with mock.patch("requests.adapters.HTTPAdapter.send") as send:
        send.return_value.is_redirect, send.return_value.status_code = False, 204
        send.return_value.history = []
        assert requests.get(URL, stream=True).status_code == 204


def test_patched_function():
    with mock.patch("requests.post", return_value=mock.Mock(status_code=204)):
        assert requests.post(URL).status_code == 204


def test_patched_aiohttp():
    import asyncio

    import aiohttp

    async def call():
        with mock.patch("aiohttp.ClientSession._request", new=mock.AsyncMock(return_value="mocked")):
            async with aiohttp.ClientSession() as session:
                return await session._request("GET", URL)

    assert asyncio.run(call()) == "mocked"
