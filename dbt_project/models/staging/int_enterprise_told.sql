-- What the register and its publication ever told of enterprises, in one form. A publication tells
-- codes as texts, which are read for what it says now only: here they are null.
with registrations as (
    select * from {{ ref('stg_enterprise_history') }}
),

publications as (
    select * from {{ ref('stg_publication_history') }}
)

select
    uscc,
    'enterprise_registration' as told_by,
    name,
    status,
    industry,
    registered_capital,
    division,
    address,
    established_on,
    cancelled_on,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from registrations
union all
select
    uscc,
    'enterprise_publication' as told_by,
    name,
    null as status,
    null as industry,
    null as registered_capital,
    null as division,
    address,
    registered_on as established_on,
    null as cancelled_on,
    _delivery,
    _row,
    _as_of,
    _until,
    _order
from publications
