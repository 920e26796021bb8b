## Groups.

groups-title = Groups
groups-none = There are no groups to see yet.
group-kind-youth-council = Youth council
group-kind-disabled-youth-forum = Disabled youth forum
group-kind-young-inspectors = Young inspectors
group-kind-children-in-care = Children in care council
group-kind-care-leavers = Care leavers
group-kind-parent-carers = Parents and carers
group-kind-foster-carers = Foster carers
group-kind-foster-families = Foster families
group-kind-young-carers = Young carers
group-kind-service-families = Service families
group-kind-other = Group
