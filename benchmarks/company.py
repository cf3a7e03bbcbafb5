"""A company of a million people: fifty thousand accounts, a hundred thousand deals, scores, and a million events.

Made by statements over numbers, always the same. Ids follow one another, as those do that are made as time goes by.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import text

from salescompass.kit.database import owner_engine

PEOPLE = 1_000_000
TABLES = "account, person, product, opportunity, score, event, membership, stage, pipeline"


FILL = (
    "SET LOCAL statement_timeout = 0",
    "SELECT setseed(0.42)",
    "CREATE OR REPLACE FUNCTION pg_temp.id(kind text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE "
    "RETURN CAST('01a00000-0000-7000-8' || kind || '00-' || lpad(to_hex(n), 12, '0') AS uuid)",
    "INSERT INTO membership (tenant_id, id, name, email, status, zone) SELECT :tenant, pg_temp.id('9', n), "
    "'Member ' || n, 'm' || n || '@bench.example', 'active', 'UTC' FROM generate_series(1, 40) n",
    "INSERT INTO account (tenant_id, id, name, name_norm, domain_norm, external_id, owner_id, parent_id, industry, "
    "industry_norm, size, revenue_minor, currency, country, country_norm, region, region_norm, city, city_norm, "
    "lifecycle, founded, source_original, source_original_norm, created_at, updated_at) "
    "SELECT :tenant, pg_temp.id('a', n), 'Account ' || n, 'account ' || n, 'firm' || n || '.example', 'a-' || n, "
    "CASE WHEN n % 20 > 0 THEN pg_temp.id('9', 1 + n % 40) END, CASE WHEN n % 9 = 0 THEN pg_temp.id('a', n / 9) END, "
    "'Industry ' || n % 12, 'industry ' || n % 12, n * 7919 % 5000, n * 104729 % 90000000, "
    "CASE WHEN n % 10 > 0 THEN 'USD' ELSE 'EUR' END, 'Country ' || n % 30, 'country ' || n % 30, "
    "'Region ' || n % 200, 'region ' || n % 200, 'City ' || n % 2000, 'city ' || n % 2000, "
    "(ARRAY['prospect', 'prospect', 'customer', 'former'])[1 + n % 4], 1900 + n % 125, "
    "'Source ' || n % 8, 'source ' || n % 8, now() - (:accounts - n) * interval '20 minutes', "
    "now() - (:accounts - n) * interval '20 minutes' * random() FROM generate_series(1, CAST(:accounts AS bigint)) n",
    "INSERT INTO person (tenant_id, id, kind, account_id, owner_id, name, name_norm, email, email_norm, external_id, "
    "title, title_norm, persona, persona_norm, seniority, seniority_norm, country, country_norm, city, city_norm, "
    "status, lead_status, lead_status_norm, source_original, source_original_norm, source_latest, source_latest_norm, "
    "converted_at, created_at, updated_at) "
    "SELECT :tenant, pg_temp.id('b', n), CASE n % 3 WHEN 0 THEN 'lead' ELSE 'contact' END, "
    "pg_temp.id('a', 1 + n % :accounts), CASE WHEN n % 20 > 0 THEN pg_temp.id('9', 1 + n % 40) END, 'Person ' || n, "
    "'person ' || n, 'p' || n || '@firm.example', 'p' || n || '@firm.example', "
    "CASE WHEN n % 2 = 0 THEN 'x-' || n END, 'Title ' || n % 40, 'title ' || n % 40, "
    "'Persona ' || n % 6, 'persona ' || n % 6, 'Level ' || n % 5, 'level ' || n % 5, "
    "'Country ' || n % 30, 'country ' || n % 30, 'City ' || n % 2000, 'city ' || n % 2000, "
    "(ARRAY['active', 'active', 'active', 'active', 'active', 'active', 'active', 'active', 'active', 'left'])"
    "[1 + n / 7 % 10], CASE WHEN n % 3 = 0 OR n % 50 = 1 THEN (ARRAY['Open', 'Called', 'Closed'])[1 + n / 5 % 4] END, "
    "CASE WHEN n % 3 = 0 OR n % 50 = 1 THEN (ARRAY['open', 'called', 'closed'])[1 + n / 5 % 4] END, "
    "'Source ' || n % 8, 'source ' || n % 8, "
    "CASE n % 4 WHEN 0 THEN 'Fair' END, CASE n % 4 WHEN 0 THEN 'fair' END, "
    "CASE n % 50 WHEN 1 THEN now() - (:people - n) * interval '30 seconds' END, "
    "now() - (:people - n) * interval '1 minute', now() - (:people - n) * interval '1 minute' * random() "
    "FROM generate_series(1, CAST(:people AS bigint)) n",
    "INSERT INTO product (tenant_id, id, name, name_norm, sku, sku_norm, series, series_norm, price_minor, currency, "
    "active) SELECT :tenant, pg_temp.id('c', n), 'Product ' || n, 'product ' || n, 'SKU-' || n, 'sku-' || n, "
    "'Series ' || n % 10, 'series ' || n % 10, n * 1000, 'USD', n % 10 > 0 FROM generate_series(1, 200) n",
    "INSERT INTO pipeline (tenant_id, id, name, name_norm) VALUES (:tenant, pg_temp.id('f', 1), 'Sales', 'sales')",
    "INSERT INTO stage (tenant_id, id, pipeline_id, name, name_norm, position, probability, kind) "
    "SELECT :tenant, pg_temp.id('f', 1 + n), pg_temp.id('f', 1), 'Stage ' || n, 'stage ' || n, n, n * 16, "
    "CASE n WHEN 5 THEN 'won' WHEN 6 THEN 'lost' ELSE 'open' END FROM generate_series(1, 6) n",
    "INSERT INTO opportunity (tenant_id, id, name, name_norm, external_id, account_id, pipeline_id, stage_id, state, "
    "probability, stage_entered_at, product_id, amount_minor, currency, opened_on, close_date, closed_at, owner_id, "
    "source, source_norm, type, lost_reason, lost_reason_norm, created_at, updated_at) "
    "SELECT :tenant, pg_temp.id('d', n), 'Deal ' || n, 'deal ' || n, 'd-' || n, pg_temp.id('a', 1 + n % :accounts), "
    "pg_temp.id('f', 1), pg_temp.id('f', 2 + n % 6), "
    "CASE n % 6 WHEN 4 THEN 'won' WHEN 5 THEN 'lost' ELSE 'open' END, n % 6 * 16, at + interval '3 days', "
    "pg_temp.id('c', 1 + n % 200), n * 104729 % 9000000, CASE WHEN n % 10 > 0 THEN 'USD' ELSE 'EUR' END, "
    "CAST(at AS date), CAST(at AS date) + 90, CASE WHEN n % 6 > 3 THEN at + interval '60 days' END, "
    "CASE WHEN n % 20 > 0 THEN pg_temp.id('9', 1 + n % 40) END, 'Source ' || n % 8, 'source ' || n % 8, "
    "CASE n % 3 WHEN 0 THEN 'renewal' ELSE 'new' END, CASE n % 6 WHEN 5 THEN 'Price' END, "
    "CASE n % 6 WHEN 5 THEN 'price' END, at, at + (now() - at) * random() "
    "FROM (SELECT n, now() - (:deals - n) * interval '10 minutes' AS at "
    "      FROM generate_series(1, CAST(:deals AS bigint)) n) d",
    "INSERT INTO score (tenant_id, subject_kind, subject_id, value, band, raw, as_of) "
    "SELECT :tenant, 'person', pg_temp.id('b', n), v, CASE WHEN v >= 70 THEN 'hot' WHEN v >= 40 THEN 'warm' "
    "WHEN v >= 15 THEN 'cool' ELSE 'cold' END, ARRAY[v, 0, 0], now() "
    "FROM (SELECT n, n % 1000 * 919 % 1000 / 1000.0 * (n % 100 * 31 % 100) AS v "
    "      FROM generate_series(1, CAST(:people AS bigint)) n) s",
    "INSERT INTO score (tenant_id, subject_kind, subject_id, value, band, raw, as_of) "
    "SELECT :tenant, 'account', pg_temp.id('a', n), n * 37 % 100, CASE WHEN n * 37 % 100 >= 70 THEN 'hot' "
    "ELSE 'cool' END, ARRAY[0, 0, 0], now() FROM generate_series(1, CAST(:accounts AS bigint)) n",
    "INSERT INTO event (tenant_id, occurred_at, id, type, direction, channel, account_id, person_id, verdict, source) "
    "SELECT :tenant, now() - at * interval '60 days', pg_temp.id('e', n), (ARRAY['link_clicked', 'page_viewed', "
    "'email_opened', 'page_viewed', 'email_delivered'])[1 + n % 5], 'in', 'email', "
    "pg_temp.id('a', 1 + p % :accounts), pg_temp.id('b', p), "
    "(ARRAY['human', 'unknown', 'unknown', 'bot'])[1 + n % 4], 'api' "
    "FROM (SELECT n, random() AS at, 1 + floor(random() ^ 2 * :people)::bigint AS p "
    "      FROM generate_series(1, CAST(:people AS bigint)) n) s",
)


def fill(tenant: UUID, people: int) -> None:
    """Fill a tenant with so many people, and what hangs on them."""
    given = {"tenant": tenant, "people": people, "accounts": max(1, people // 20), "deals": people // 10}
    with owner_engine().begin() as connection:
        for statement in FILL:
            connection.execute(text(statement), given)
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text(f"VACUUM ANALYZE {TABLES}"))
