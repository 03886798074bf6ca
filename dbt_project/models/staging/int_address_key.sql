-- Standard addresses in the form in which address texts are taken apart.
with addresses as (
    select * from {{ ref('address') }}
),

parts as (
    select
        address_code,
        division,
        street,
        {{ plain_text('road') }} as road,
        {{ plain_text('community') }} as community,
        {{ part_of('house_number', '(' ~ number_pattern() ~ ')') }} as house_number,
        {{ part_of(plain_text('building'), '(' ~ number_pattern() ~ '|[A-Z])') }} as building,
        {{ part_of(plain_text('unit_number'), '(' ~ number_pattern() ~ ')') }} as unit_number,
        {{ part_of(plain_text('room'), '(' ~ number_pattern() ~ ')') }} as room,
        _deliveries
    from addresses
)

select
    address_code,
    division,
    street,
    road,
    community,
    {{ in_digits('house_number') }} as house_number,
    {{ in_digits('building') }} as building,
    {{ in_digits('unit_number') }} as unit_number,
    {{ in_digits('room') }} as room,
    _deliveries
from parts
