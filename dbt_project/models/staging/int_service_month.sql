-- The months in which a source tells of the service of utilities, counted by their last day.
with told as (
    select month from {{ ref('int_service_outage') }}
    union distinct
    select month from {{ ref('int_service_complaint') }}
    union distinct
    select month from {{ ref('int_service_pressure') }}
    union distinct
    select {{ month_of('inspected_on') }} as month
    from {{ ref('stg_gas_safety_inspection') }}
)

select month from told
