from __future__ import annotations

from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from ocrchat.app import open_services
from ocrchat.config import Settings, load_settings, settings_page
from ocrchat.errors import BadSetting

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_settings_when_nothing_is_set_then_they_are_for_one_person_at_home() -> None:
    settings = load_settings({})
    assert settings == Settings()
    assert settings.host == "127.0.0.1" and settings.port == 8000
    assert settings.database == f"sqlite:///{Path('data/ocrchat.db').absolute()}"
    assert settings.key_file == Path("data/server.key")
    assert settings.blob_folder == Path("data/blobs")
    assert settings.site_url == "http://127.0.0.1:8000"


def test_settings_when_set_in_environment_file_and_command_line_then_the_nearest_wins(tmp_path: Path) -> None:
    (tmp_path / "ocrchat.toml").write_text(
        'port = 1111\nhost = "0.0.0.0"\nsign_up = "closed"\nsqlite_durable = false\ntrusted_proxies = ["10.0.0.0/8"]\n'
        'server_key_file = "/run/key"\n'
    )
    assert load_settings({"OCRCHAT_DATA": str(tmp_path), "OCRCHAT_SQLITE_DURABLE": "Yes"}).sqlite_durable is True
    settings = load_settings({"OCRCHAT_DATA": str(tmp_path), "PORT": "2222", "OCRCHAT_HOST": "::1"}, port=3333)
    assert (settings.port, settings.host, settings.sign_up) == (3333, "::1", "closed")
    assert settings.sqlite_durable is False
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"),)
    assert settings.key_file == Path("/run/key")
    assert load_settings({}, data=tmp_path).port == 1111


@pytest.mark.parametrize("name", ["BLOBS", "DATABASE_URL", "PUBLIC_URL"])
def test_settings_when_a_variable_is_empty_then_it_counts_as_not_set(name: str) -> None:
    assert load_settings({name: ""}) == Settings()


def test_settings_when_documents_are_in_a_bucket_then_there_is_no_folder() -> None:
    assert load_settings({"BLOBS": "s3://bucket/prefix"}).blob_folder is None
    assert load_settings({"BLOBS": "/srv/blobs"}).blob_folder == Path("/srv/blobs")
    assert load_settings({"DATABASE_URL": "postgresql://host/name"}).database == "postgresql://host/name"
    assert load_settings({"PUBLIC_URL": "https://reader.example"}).site_url == "https://reader.example"


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"PORT": "eighty"}, r'PORT cannot be "eighty": it must be a whole number'),
        ({"OCRCHAT_MAX_UPLOAD": "5"}, r"OCRCHAT_MAX_UPLOAD, .* did you mean OCRCHAT_MAX_UPLOAD_MB\?"),
        ({"OCRCHAT_XYZZY": "5"}, r"OCRCHAT_XYZZY, which is no setting\. .* docs/settings\.md"),
        ({"BLOBS": "ftp://x"}, "BLOBS .* s3://"),
        ({"PORT": "0"}, r'PORT cannot be "0": it must be 1 to 65535\.'),
        ({"PORT": "65536"}, "PORT cannot be"),
        ({"OCRCHAT_SESSION_DAYS": "-1"}, "OCRCHAT_SESSION_DAYS .* 1 to 3650 days"),
        ({"OCRCHAT_SESSION_DAYS": "5"}, "OCRCHAT_SESSION_IDLE_DAYS cannot be more"),
        ({"OCRCHAT_SIGN_UP": "maybe"}, "OCRCHAT_SIGN_UP .* open, closed"),
        ({"OCRCHAT_SQLITE_DURABLE": "perhaps"}, "OCRCHAT_SQLITE_DURABLE .* true or false"),
        ({"OCRCHAT_TRUSTED_PROXIES": "10.0.0.1/8"}, "OCRCHAT_TRUSTED_PROXIES .* networks like"),
        ({"OCRCHAT_TRUSTED_PROXIES": "proxy.example"}, "OCRCHAT_TRUSTED_PROXIES"),
        ({"OCRCHAT_SMTP_HOST": "mail.example"}, "OCRCHAT_MAIL_FROM is needed"),
        ({"OCRCHAT_SMTP_SECURITY": "ssl"}, "starttls, tls, none"),
        ({"PUBLIC_URL": "reader.example"}, "PUBLIC_URL .* https://"),
        ({"PUBLIC_URL": "https://reader.example/?a=b"}, "PUBLIC_URL"),
        ({"DATABASE_URL": "/var/lib/ocrchat.db"}, "DATABASE_URL is not an address"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL names no database"),
        ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL names no database"),
        ({"DATABASE_URL": "postgresql://host"}, "DATABASE_URL names no database"),
        ({"DATABASE_URL": "postgresql://host:many/name"}, "DATABASE_URL is not an address"),
        ({"DATABASE_URL": "postgresql://[host/name"}, "DATABASE_URL is not an address"),
        ({"PUBLIC_URL": "https://[host"}, "PUBLIC_URL is not an address"),
        ({"OCRCHAT_MAIL_FROM": "a@b\nBcc: c"}, "OCRCHAT_MAIL_FROM .* one line"),
        ({"OCRCHAT_SERVER_KEY_FILE": "a\nb"}, "OCRCHAT_SERVER_KEY_FILE .* a path"),
    ],
)
def test_settings_when_a_value_is_not_possible_then_it_refuses_to_start_by_name(
    environment: dict[str, str], complaint: str
) -> None:
    with pytest.raises(BadSetting, match=complaint):
        load_settings(environment)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("prot = 80", 'sets "prot", which does not exist; did you mean "port"'),
        ("xyzzy = 80", 'sets "xyzzy", which does not exist[.]'),
        ('data = "x"', 'sets "data"'),
        ("port = true", "port in .* a whole number"),
        ("port = 1.5", "port in .* a whole number"),
        ("host = 5", "host in .* a text"),
        ("port =", "cannot be read"),
        ("trusted_proxies = 5", "trusted_proxies in"),
    ],
)
def test_settings_when_the_file_is_wrong_then_it_refuses_to_start_by_name(
    tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "ocrchat.toml").write_text(text)
    with pytest.raises(BadSetting, match=complaint):
        load_settings({"OCRCHAT_DATA": str(tmp_path)})


def test_settings_when_shown_or_refused_then_secrets_stay_secret() -> None:
    settings = load_settings({"OCRCHAT_SMTP_PASSWORD": "hunter2", "DATABASE_URL": "postgresql://u:hunter2@h/n"})
    assert settings.smtp_password == "hunter2" and "hunter2" not in repr(settings)
    with pytest.raises(BadSetting) as caught:
        load_settings({"OCRCHAT_SMTP_PASSWORD": "hunter2\n"})
    assert "hunter2" not in str(caught.value)


def test_settings_when_listed_then_each_has_a_reason_and_numbers_have_bounds() -> None:
    names: list[Any] = []
    for one in fields(Settings):
        knob = one.metadata["knob"]
        names.append(knob.env)
        assert len(knob.reason) > 15
        if one.type == "int":
            assert knob.low is not None and knob.high is not None
    assert len(set(names)) == len(names)


def test_settings_page_when_compared_with_the_code_then_it_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == settings_page(), "run: python -m ocrchat.config > docs/settings.md"


def test_settings_when_a_name_is_of_the_tools_around_the_service_then_it_is_let_through() -> None:
    environment = {"OCRCHAT_MODELS": "/srv/models", "OCRCHAT_TOKEN": "x", "OCRCHAT_MAX_UPLOAD": ""}
    assert load_settings(environment) == Settings()


def test_service_when_its_data_folder_cannot_be_made_then_the_setting_is_named() -> None:
    with pytest.raises(BadSetting, match="OCRCHAT_DATA"), open_services(load_settings({"OCRCHAT_DATA": "/dev/null/x"})):
        pass
