-- 由数据库管理员执行一次 | Run once by an administrator of the database, where the service's own login may not create roles:
--   PGOPTIONS='-c shanghui.login=NAME' psql -d DATABASE -f deploy/roles.sql
-- That login owns the schemas and migrates; all daily work is done as shanghui_app, which may only append to the log.
DO $$
DECLARE
    login text := current_setting('shanghui.login');
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'shanghui_app') THEN
        CREATE ROLE shanghui_app NOLOGIN;
    END IF;
    EXECUTE format('GRANT shanghui_app TO %I', login);
    EXECUTE format('GRANT CREATE ON DATABASE %I TO %I WITH GRANT OPTION', current_database(), login);
END $$;
