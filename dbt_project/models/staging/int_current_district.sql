-- The district that each code of the division register belongs to now; null where a division was
-- abolished and none succeeded it.
with divisions as (
    select * from {{ ref('administrative_division') }}
)

select
    code,
    district,
    {{ deliveries_merged_across('_deliveries') }} as _deliveries
from divisions
group by code, district
