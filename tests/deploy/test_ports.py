import socket

from deploy.ports import OUTGOING, free_port


def test_a_free_port_can_be_listened_at_and_no_outgoing_connection_is_given_it() -> None:
    port = free_port()
    assert port < int(OUTGOING.read_text().split()[0])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", port))
        listening.listen()


def test_where_outgoing_connections_may_have_any_port_it_is_one_of_theirs(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (everything := tmp_path / "range").write_text("1024\t65535\n")
    monkeypatch.setattr("deploy.ports.OUTGOING", everything)
    assert free_port() >= 1024
