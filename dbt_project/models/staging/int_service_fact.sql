-- What sources tell of the service of utilities, a row each measure, district and month.
with outages as (
    select * from {{ ref('int_service_outage') }}
),

complaints as (
    select * from {{ ref('int_service_complaint') }}
),

pressures as (
    select * from {{ ref('int_service_pressure') }}
),

inspections as (
    select * from {{ ref('int_service_inspection') }}
),

customers as (
    select * from {{ ref('int_service_customer') }}
),

gas_customers as (
    select * from customers
    where utility = 'gas'
)

{% set keys = ['district', 'utility', 'month'] %}
{{ facts_of('customers', 'account', keys, {'customers': 'customers'}) }}
union all
{{ facts_of('outages', 'outage', keys, {
    'outages': '1', 'outages_planned': 'planned', 'outages_unended': 'unended',
    'customers_interrupted': 'households', 'customer_seconds': 'customer_seconds'
}) }}
union all
{{ facts_of('complaints', 'hotline', keys, {
    'complaints': '1', 'complaints_closed': 'closed', 'seconds_to_close': 'seconds_to_close'
}) }}
union all
{{ facts_of('pressures', 'pressure', keys, {'pressure_readings': '1', 'pressure_low': 'low'}) }}
union all
{{ facts_of('inspections', 'inspection', keys, {
    'inspections': '1', 'hazards_serious': 'serious', 'inspections_refused': 'refused'
}) }}
union all
{{ facts_of('gas_customers', 'inspection', keys, {
    'overdue': 'overdue', 'uninspected': 'uninspected'
}) }}
