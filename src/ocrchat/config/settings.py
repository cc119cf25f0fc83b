"""Every setting with its default, its bounds and its reason. Read once, at start, and passed down as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ocrchat.config.knobs import Network, knob

FILE_NAME = "ocrchat.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    data: Path = knob(
        Path("data"),
        "OCRCHAT_DATA",
        "The data folder: database, files, server key and your own `plans.toml` and `ocrchat.toml`. "
        "On SQLite it must be a local disk, not a network share.",
    )
    host: str = knob(
        "127.0.0.1",
        "OCRCHAT_HOST",
        "The address to listen on. `0.0.0.0` lets other machines in: put a proxy with TLS in front.",
    )
    port: int = knob(8000, "PORT", "The port to listen on.", low=1, high=65535)
    public_url: str = knob(
        "",
        "PUBLIC_URL",
        "The address under which people reach the server; links in mails begin with it.",
        shown_default="http://127.0.0.1:PORT",
    )
    database_url: str = knob(
        "",
        "DATABASE_URL",
        "`sqlite:////path/file.db` for one machine, `postgresql://user:password@host/name` for one or many.",
        shown_default="ocrchat.db in the data folder",
        secret=True,
    )
    database_pool: int = knob(
        10,
        "OCRCHAT_DATABASE_POOL",
        "Connections to PostgreSQL that a process keeps open; under load it opens as many again. "
        "The sum over all processes must stay below the server's `max_connections`.",
        unit="connections",
        low=1,
        high=200,
    )
    sqlite_durable: bool = knob(
        True,
        "OCRCHAT_SQLITE_DURABLE",
        "Wait for the disk at each commit, so that a power cut loses nothing that was charged. "
        "Off is faster on slow disks and may lose the last second.",
    )
    blobs: str = knob(
        "",
        "BLOBS",
        "Where documents and results are kept: a folder, or a bucket as `s3://name/prefix`.",
        shown_default="blobs in the data folder",
    )
    server_key_file: Path | None = knob(
        None,
        "OCRCHAT_SERVER_KEY_FILE",
        "The key that seals tokens and passwords of PDFs. Several nodes on one database need the same file.",
        shown_default="server.key in the data folder",
    )
    trusted_proxies: tuple[Network, ...] = knob(
        (),
        "OCRCHAT_TRUSTED_PROXIES",
        "Addresses or networks of your own proxies, comma-separated. Only what they add to `X-Forwarded-For` is "
        "believed; anybody else could name any address there and get its allowance.",
    )
    sign_up: str = knob(
        "open",
        "OCRCHAT_SIGN_UP",
        "`closed`: new accounts are made with `ocrchat accounts add` only.",
        choices=("open", "closed"),
    )
    session_idle_days: int = knob(
        30, "OCRCHAT_SESSION_IDLE_DAYS", "A log-in ends after this long without use.", unit="days", low=1, high=365
    )
    session_days: int = knob(
        90, "OCRCHAT_SESSION_DAYS", "A log-in ends after this long in any case.", unit="days", low=1, high=3650
    )
    smtp_host: str = knob(
        "",
        "OCRCHAT_SMTP_HOST",
        "The mail server. Without one, mails are shown on the terminal that the server runs on, and never in a log.",
    )
    smtp_port: int = knob(587, "OCRCHAT_SMTP_PORT", "The mail server's port.", low=1, high=65535)
    smtp_security: str = knob(
        "starttls",
        "OCRCHAT_SMTP_SECURITY",
        "How the connection is protected; `none` only for a server on the same machine.",
        choices=("starttls", "tls", "none"),
    )
    smtp_user: str = knob("", "OCRCHAT_SMTP_USER", "The mail server's user, where it wants one.")
    smtp_password: str = knob("", "OCRCHAT_SMTP_PASSWORD", "The password of that user.", secret=True)
    mail_from: str = knob("", "OCRCHAT_MAIL_FROM", "The sender of mails, like `Reader <reader@example.org>`.")

    max_upload_mb: int = knob(
        100,
        "OCRCHAT_MAX_UPLOAD_MB",
        "A larger file is refused while it comes, before it has come whole.",
        unit="MB",
        low=1,
        high=10_000,
    )
    simple_max_upload_mb: int = knob(
        20, "OCRCHAT_SIMPLE_MAX_UPLOAD_MB", "The same for the simple API.", unit="MB", low=1, high=10_000
    )
    inline_seconds: int = knob(
        30,
        "OCRCHAT_INLINE_SECONDS",
        "How long a request waits for a short document before it answers that the job is not finished.",
        unit="seconds",
        low=0,
        high=300,
    )
    blocking_seconds: int = knob(
        300, "OCRCHAT_BLOCKING_SECONDS", "How long the simple API's `/ocr` waits.", unit="seconds", low=1, high=3600
    )
    max_pages: int = knob(
        5000,
        "OCRCHAT_MAX_PAGES",
        "A file with more pages is refused; the plan file can say less.",
        unit="pages",
        low=1,
        high=100_000,
    )
    page_workers: int = knob(
        0,
        "OCRCHAT_PAGE_WORKERS",
        "Pages that a process reads at once, each in a process of its own of 300 to 800 MB.",
        unit="pages",
        low=0,
        high=256,
        shown_default="one a core",
    )
    page_seconds: int = knob(
        120,
        "OCRCHAT_PAGE_SECONDS",
        "A page whose reading takes longer is tried once more and then fails, free of charge.",
        unit="seconds",
        low=5,
        high=3600,
    )
    page_memory_mb: int = knob(
        2048,
        "OCRCHAT_PAGE_MEMORY_MB",
        "A page that needs more memory fails alone, free of charge.",
        unit="MB",
        low=512,
        high=65_536,
    )
    max_waiting_jobs: int = knob(
        1000,
        "OCRCHAT_MAX_WAITING_JOBS",
        "With so many jobs unfinished, new ones are refused (503) until some are.",
        unit="jobs",
        low=1,
        high=1_000_000,
    )
    retention_days: int = knob(
        30,
        "OCRCHAT_RETENTION_DAYS",
        "How long source and results of an account's job are kept after its end, unless the job says otherwise.",
        unit="days",
        low=1,
        high=3650,
    )
    anonymous_retention_hours: int = knob(
        24,
        "OCRCHAT_ANONYMOUS_RETENTION_HOURS",
        "The same for jobs without an account.",
        unit="hours",
        low=1,
        high=8760,
    )
    max_retention_days: int = knob(
        365,
        "OCRCHAT_MAX_RETENTION_DAYS",
        "The longest that a job may ask for.",
        unit="days",
        low=1,
        high=3650,
    )
    vlm_without_model: str = knob(
        "cpu",
        "OCRCHAT_VLM_WITHOUT_MODEL",
        "What becomes of jobs on the vlm tier where no model is set up: `cpu` reads them with the best this machine "
        "has, at the cpu price, and says so in each; `refuse` answers 503.",
        choices=("cpu", "refuse"),
    )
    chat_model_url: str = knob(
        "",
        "OCRCHAT_CHAT_MODEL_URL",
        "An OpenAI-compatible endpoint that puts answers about documents into words, like `http://127.0.0.1:8080/v1`. "
        "Passages of documents are sent to it. Without one, answers are taken straight from the pages.",
    )
    chat_model: str = knob("", "OCRCHAT_CHAT_MODEL", "The model's name at that endpoint.")
    chat_model_key: str = knob("", "OCRCHAT_CHAT_MODEL_KEY", "The endpoint's key, where it wants one.", secret=True)
    chat_model_file: Path | None = knob(
        None,
        "OCRCHAT_CHAT_MODEL_FILE",
        'A model as a GGUF file instead, run on this machine; needs `pip install "ocrchat[chat]"`. '
        "The endpoint wins where both are set.",
        shown_default="none",
    )
    chat_model_context: int = knob(
        8192,
        "OCRCHAT_CHAT_MODEL_CONTEXT",
        "How much the model reads at once: passages take half of it.",
        unit="tokens",
        low=1024,
        high=1_000_000,
    )
    chat_model_seconds: int = knob(
        60,
        "OCRCHAT_CHAT_MODEL_SECONDS",
        "A model that says nothing for so long is given up, and the answer taken straight from the pages.",
        unit="seconds",
        low=1,
        high=3600,
    )
    grace_seconds: int = knob(
        20,
        "OCRCHAT_GRACE_SECONDS",
        "How long a process that is told to stop lets pages in work come to their end; the rest is read by the next.",
        unit="seconds",
        low=0,
        high=600,
    )

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data / 'ocrchat.db').absolute()}"

    @property
    def key_file(self) -> Path:
        return self.server_key_file or self.data / "server.key"

    @property
    def site_url(self) -> str:
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def blob_folder(self) -> Path | None:
        """None where documents are kept in a bucket."""
        if "://" in self.blobs:
            return None
        return Path(self.blobs) if self.blobs else self.data / "blobs"
