select machine_id, count(*)::int as loans, max(asked_on) as latest
from loan
group by machine_id
