-- What people outside the groups may see of "did it work?": how many gave each answer at one moment, shown from the next
-- midnight on. A new row comes only when enough people answered since the last, so nobody can watch a single answer.
create table did_it_work_shown (
    action_id blob not null references actions (id),
    shown_from integer not null,
    taken_at integer not null,
    said_yes integer not null,
    said_a_bit integer not null,
    said_no integer not null,
    said_dont_know integer not null,
    primary key (action_id, shown_from)
) strict;
-- What people outside saw before as it came stays seen.
insert into did_it_work_shown (action_id, shown_from, taken_at, said_yes, said_a_bit, said_no, said_dont_know)
select action_id, 0, max(said_at), sum(case when answer = 'yes' then 1 else 0 end),
    sum(case when answer = 'a-bit' then 1 else 0 end), sum(case when answer = 'no' then 1 else 0 end),
    sum(case when answer = 'dont-know' then 1 else 0 end)
from did_it_work group by action_id;
