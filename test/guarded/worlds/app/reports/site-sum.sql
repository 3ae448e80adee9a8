select site_id, count(*)::int as count, sum(margin)::numeric(20, 2) as margin from deal group by site_id
