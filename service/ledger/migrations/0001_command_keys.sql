-- What each idempotency key was used for: written in the same transaction as the events it stands for.
CREATE TABLE ledger.command_key (
    key uuid PRIMARY KEY,
    digest bytea NOT NULL,
    record uuid NOT NULL,
    first_version bigint NOT NULL,
    last_version bigint NOT NULL
);
