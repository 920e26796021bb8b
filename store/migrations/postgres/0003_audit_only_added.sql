-- The log of staff acts is only ever added to: the database itself says no to everything else.
create function audit_only_added() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is only ever added to';
end;
$$;
create trigger audit_no_update before update or delete on audit
    for each row execute function audit_only_added();
create trigger audit_no_truncate before truncate on audit
    for each statement execute function audit_only_added();
