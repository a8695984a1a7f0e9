# Reads every request and never replies.
import socket
import sys

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(('', int(sys.argv[-1])))
listener.listen(5)
while True:
    client, address = listener.accept()
    while client.recv(1024):
        pass
    client.close()
