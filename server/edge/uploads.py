"""A file that came with a request: as the body itself, or in a form of a browser (RFC 7578)."""

from email.message import Message


def uploaded_file(content_type: str, body: bytes) -> bytes | None:
    """The bytes of the file, exactly as they were sent; None when there is none or the form is malformed."""
    header = Message()
    header["Content-Type"] = content_type or "application/octet-stream"
    if header.get_content_type() != "multipart/form-data":
        return body or None
    boundary = header.get_param("boundary")
    if not isinstance(boundary, str) or not boundary.isascii():
        return None
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode("ascii"))
    for piece in pieces[1:-1]:
        head, gap, content = piece.partition(b"\r\n\r\n")
        if gap and b"filename=" in head.lower():
            return content or None
    return None
