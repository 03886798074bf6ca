-- Every text that a unit writes for an address, with the deliveries that it stands in.
with resident as (
    select * from {{ source('current', 'resident') }}
),

enterprise as (
    select * from {{ source('current', 'enterprise_registration') }}
),

complaint as (
    select * from {{ source('current', 'hotline_complaint') }}
),

water as (
    select * from {{ source('current', 'water_account') }}
),

power as (
    select * from {{ source('current', 'power_account') }}
),

gas as (
    select * from {{ source('current', 'gas_account') }}
),

written as (
    select
        address as text,
        _delivery
    from resident
    union distinct
    select
        address as text,
        _delivery
    from enterprise
    union distinct
    select
        address as text,
        _delivery
    from complaint
    union distinct
    select
        address as text,
        _delivery
    from water
    union distinct
    select
        address as text,
        _delivery
    from power
    union distinct
    select
        address as text,
        _delivery
    from gas
)

select
    text as address_text,
    {{ deliveries_across('_delivery') }} as _deliveries
from written
where text is not null
group by text
