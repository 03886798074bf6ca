with indicators as (
    select * from {{ ref('stg_macro_indicator') }}
)

select
    indicator,
    division,
    period,
    value,
    unit,
    {{ deliveries_of(['_delivery']) }} as _deliveries
from indicators
