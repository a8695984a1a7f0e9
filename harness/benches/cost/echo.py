# The echo server of the course: one client after another, every message comes back.
import socket
import sys

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('', int(sys.argv[-1])))
listener.listen(5)
while True:
    client, address = listener.accept()
    print('connected from', address)
    while True:
        data = client.recv(4096)
        if not data:
            break
        client.sendall(data)
    client.close()
