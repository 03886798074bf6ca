-- What companies say now of the names of holders whose number a register has.
with tenancies as (
    select * from {{ ref('account_tenancy') }}
    where known_to is null and holder is not null
),

holders as (
    select * from {{ ref('utility_account') }}
    where holder_kind <> 'unknown'
)

select
    holders.holder_kind as kind,
    tenancies.holder as entity,
    'name' as field,
    tenancies.utility || '_account' as resource,
    {{ name_core(plain_text('tenancies.holder_name')) }} as value,
    tenancies.known_from as since,
    tenancies._deliveries
from tenancies
inner join holders
    on
        tenancies.utility = holders.utility
        and tenancies.account_number = holders.account_number
        and tenancies.holder = holders.holder
