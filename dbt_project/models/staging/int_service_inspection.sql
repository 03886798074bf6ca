-- Safety inspections of gas by the district of the account and the month in which they were made.
-- An account that the company has no more, or that has no district, is unresolved.
with inspections as (
    select * from {{ ref('stg_gas_safety_inspection') }}
),

accounts as (
    select * from {{ ref('utility_account') }}
)

select
    coalesce(accounts.division, 'unresolved') as district,
    'gas' as utility,
    {{ month_of('inspections.inspected_on') }} as month,
    case when inspections.result = 'serious' then 1 else 0 end as serious,
    case when inspections.result = 'refused' then 1 else 0 end as refused,
    {{ deliveries_merged(['[inspections._delivery]', 'accounts._deliveries']) }} as _deliveries
from inspections
left join accounts
    on accounts.utility = 'gas' and inspections.account_number = accounts.account_number
