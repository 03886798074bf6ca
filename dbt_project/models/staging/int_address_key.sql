-- Standard addresses in the form in which address texts are taken apart.
with addresses as (
    select * from {{ ref('address') }}
)

select
    address_code,
    division,
    street,
    {{ plain_text('road') }} as road,
    {{ plain_text('community') }} as community,
    {{ in_digits(part_of('house_number', '(' ~ number_pattern() ~ ')')) }} as house_number,
    {{ in_digits(part_of(plain_text('building'), '(' ~ number_pattern() ~ '|[A-Z])')) }}
        as building,
    {{ in_digits(part_of(plain_text('unit_number'), '(' ~ number_pattern() ~ ')')) }}
        as unit_number,
    {{ in_digits(part_of(plain_text('room'), '(' ~ number_pattern() ~ ')')) }} as room,
    _deliveries
from addresses
