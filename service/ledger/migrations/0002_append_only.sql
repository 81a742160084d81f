-- The log is append-only twice over: the program's role may only insert and select, and a trigger stops everybody else.
CREATE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: % on %.% is refused', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger.shanghui_events
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON ledger.shanghui_events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON ledger.command_key
    FOR EACH ROW EXECUTE FUNCTION ledger.refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON ledger.command_key
    FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse_change();

REVOKE ALL ON ALL TABLES IN SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO shanghui_app;
GRANT SELECT, INSERT ON ledger.shanghui_events, ledger.command_key TO shanghui_app;
GRANT SELECT ON ledger.migration TO shanghui_app;
GRANT USAGE ON SEQUENCE ledger.shanghui_events_notification_id_seq TO shanghui_app;

-- Views are derived and may be dropped and rebuilt: the program owns them.
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO shanghui_app', current_database()); END $$;
