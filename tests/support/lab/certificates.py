"""Certificates for the labs' IKE daemons: one authority, and one certificate a host."""

import os

from .processes import run

_REQUEST = "basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:{name}\n"


def _openssl(*words):
    run(["openssl", *words])


def give_certificates(lab, names):
    """{charon: DNS name}, before they start: swanctl finds an authority, and a key and a certificate of that name."""
    authority, authority_key = lab.path("ca.pem"), lab.path("ca.key")
    key = ("-newkey", "rsa:2048", "-nodes")
    _openssl("req", "-x509", *key, "-keyout", authority_key, "-out", authority, "-subj", "/O=Lab/CN=Lab CA", "-days", "30")
    for charon, name in names.items():
        places = {kind: os.path.join(charon.directory, "swanctl", kind) for kind in ("x509ca", "x509", "private")}
        for place in places.values():
            os.makedirs(place)
        request, extensions = lab.path("request.pem"), lab.path("extensions")
        with open(extensions, "w", encoding="utf-8") as out:
            out.write(_REQUEST.format(name=name))
        _openssl("req", "-new", *key, "-keyout", os.path.join(places["private"], "host.pem"), "-out", request, "-subj", f"/O=Lab/CN={name}")
        _openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-CAcreateserial", "-days", "30",
                 "-extfile", extensions, "-out", os.path.join(places["x509"], "host.pem"))
        with open(authority, encoding="utf-8") as text, open(os.path.join(places["x509ca"], "ca.pem"), "w", encoding="utf-8") as out:
            out.write(text.read())
