-- Signs of life by district, industry and month, and how many of the standing bodies are active
-- by the definition that holds in the month.
with signs as (
    select * from {{ ref('int_enterprise_sign') }}
),

norms as (
    select * from {{ ref('vitality_definition') }}
),

judged as (
    select
        signs.*,
        case
            when not signs.standing then 0
            when
                case when signs.power_kwh >= norms.power_kwh_at_least then 1 else 0 end
                + case when signs.insured >= norms.insured_at_least then 1 else 0 end
                + case when signs.taxed > norms.tax_above then 1 else 0 end
                >= norms.signs_at_least then 1
            else 0
        end as active
    from signs
    left join norms
        on
            signs.month >= norms.valid_from
            and signs.month <= coalesce(norms.valid_to, signs.month)
),

-- Grouped by what the rows were made from, so that few lists of deliveries are left to merge.
grouped as (
    select
        district,
        industry_section,
        month,
        _deliveries,
        sum(active) as active,
        sum(power_kwh) as power_kwh,
        sum(insured) as insured,
        sum(tax_amount) as tax_amount,
        sum(penalties) as penalties,
        sum(penalty_amount) as penalty_amount
    from judged
    group by district, industry_section, month, _deliveries
)

select
    district,
    industry_section,
    month,
    sum(active) as active,
    sum(power_kwh) as power_kwh,
    sum(insured) as insured,
    sum(tax_amount) as tax_amount,
    sum(penalties) as penalties,
    sum(penalty_amount) as penalty_amount,
    {{ deliveries_merged_across('_deliveries') }} as _deliveries
from grouped
group by district, industry_section, month
