# Ten echo checks as they are customarily written: start, sleep, connect, a time-out.
import os
import socket
import subprocess
import time

import pytest

PORT = int(os.environ['ECHO_PORT'])


@pytest.fixture
def server():
    process = subprocess.Popen(
        [os.environ['ECHO_PYTHON'], 'echo.py', str(PORT)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(0.5)
    yield process
    process.kill()
    process.wait()


def connect():
    client = socket.create_connection(('127.0.0.1', PORT))
    client.settimeout(2)
    return client


def read(client, length):
    data = b''
    while len(data) < length:
        piece = client.recv(length - len(data))
        assert piece
        data += piece
    return data


def echoes(client, message):
    client.sendall(message)
    assert read(client, len(message)) == message


def test_one_message(server):
    echoes(connect(), b'good morning')


def test_several_in_turn(server):
    client = connect()
    for word in (b'one', b'two', b'three'):
        echoes(client, word)


def test_one_letter(server):
    echoes(connect(), b'x')


def test_one_kib(server):
    echoes(connect(), b'k' * 1024)


def test_korean(server):
    echoes(connect(), '안녕하세요'.encode())


def test_binary(server):
    echoes(connect(), bytes([0, 1, 127, 128, 254, 255]))


def test_nothing_extra(server):
    client = connect()
    echoes(client, b'good night')
    client.settimeout(1)
    with pytest.raises(socket.timeout):
        client.recv(1)


def test_half_close(server):
    client = connect()
    echoes(client, b'last words')
    client.shutdown(socket.SHUT_WR)
    assert client.recv(1) == b''


def test_next_client(server):
    first = connect()
    echoes(first, b'first')
    first.close()
    echoes(connect(), b'second')


def test_stays_alive(server):
    client = connect()
    echoes(client, b'hello')
    client.close()
    time.sleep(0.1)
    assert server.poll() is None
