# Answers every request with 37: the least that a server of a student does.
import socket
import sys

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('', int(sys.argv[-1])))
listener.listen(5)
while True:
    client, address = listener.accept()
    while client.recv(1024):
        client.send(b'37')
    client.close()
