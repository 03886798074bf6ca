-- What happened in the city, a row each event: where and when units say it did.
with told as (
    select
        division,
        cast(received_at as date) as day,
        'complaints' as measure,
        {{ deliveries_of(['_delivery']) }} as _deliveries
    from {{ ref('stg_hotline_complaint') }}
    union all
    select
        division,
        cast(closed_at as date) as day,
        'complaints_closed' as measure,
        {{ deliveries_of(['_delivery']) }} as _deliveries
    from {{ ref('stg_hotline_complaint') }}
    where closed_at is not null
    union all
    select
        division,
        born_on as day,
        'births' as measure,
        {{ deliveries_of(['_delivery']) }} as _deliveries
    from {{ ref('stg_birth_record') }}
    union all
    select
        division,
        died_on as day,
        'deaths' as measure,
        {{ deliveries_of(['_delivery']) }} as _deliveries
    from {{ ref('stg_death_record') }}
    union all
    select
        division,
        established_on as day,
        'enterprises_registered' as measure,
        _deliveries
    from {{ ref('legal_entity') }}
    where established_on is not null
    union all
    select
        division,
        cancelled_on as day,
        'enterprises_cancelled' as measure,
        _deliveries
    from {{ ref('legal_entity') }}
    where cancelled_on is not null
    union all
    select
        holders.division,
        permits.issued_on as day,
        'permits_issued' as measure,
        {{ deliveries_merged(['[permits._delivery]', 'holders._deliveries']) }} as _deliveries
    from {{ ref('stg_permit') }} as permits
    left join {{ ref('legal_entity') }} as holders on permits.holder_uscc = holders.uscc
    union all
    select
        division,
        decided_on as day,
        'penalties' as measure,
        _deliveries
    from {{ ref('credit_record') }}
),

divisions as (
    select * from {{ ref('int_current_district') }}
)

select
    coalesce({{ district_of('told.division') }}, 'unresolved') as district,
    told.day,
    told.measure,
    {{ deliveries_merged(['told._deliveries', 'divisions._deliveries']) }} as _deliveries
from told
left join divisions on told.division = divisions.code
