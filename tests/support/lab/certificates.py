"""Certificates for the labs' IKE daemons: authorities, and certificates with their keys for hosts."""

import os

from .processes import run

_REQUEST = "basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:{name}\n"
_KEYS = {"rsa": ("-newkey", "rsa:2048", "-nodes"), "ecdsa": ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")}


def _openssl(*words):
    run(["openssl", *words])


def _place(charon, kind, name):
    directory = os.path.join(charon.directory, "swanctl", kind)
    os.makedirs(directory, exist_ok=True)
    return os.path.join(directory, name)


class Authority:
    """Issues certificates; hosts that shall believe them are given its own with `give_to`."""

    def __init__(self, lab, name):
        self.lab, self.name = lab, name
        self.certificate, self.key = (lab.path(f"{name.replace(' ', '-')}.{kind}") for kind in ("pem", "key"))
        _openssl("req", "-x509", *_KEYS["rsa"], "-keyout", self.key, "-out", self.certificate, "-subj", f"/O=Lab/CN={name}", "-days", "30")

    def give_to(self, *charons):
        for charon in charons:
            with open(self.certificate, encoding="utf-8") as text, \
                 open(_place(charon, "x509ca", os.path.basename(self.certificate)), "w", encoding="utf-8") as out:
                out.write(text.read())

    def issue(self, charon, name, subject=None, kind="rsa", file="host"):
        """A key and a certificate for `charon`, with a DNS name and a subject ("/O=Lab/CN=NAME")."""
        request, extensions = self.lab.path("request.pem"), self.lab.path("extensions")
        with open(extensions, "w", encoding="utf-8") as out:
            out.write(_REQUEST.format(name=name))
        _openssl("req", "-new", *_KEYS[kind], "-keyout", _place(charon, "private", f"{file}.pem"), "-out", request,
                 "-subj", subject or f"/O=Lab/CN={name}")
        _openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial", "-days", "30",
                 "-extfile", extensions, "-out", _place(charon, "x509", f"{file}.pem"))


def give_certificates(lab, names):
    """{charon: DNS name}, before they start: swanctl finds an authority, and a key and a certificate of that name."""
    authority = Authority(lab, "Lab CA")
    for charon, name in names.items():
        authority.issue(charon, name)
        authority.give_to(charon)
