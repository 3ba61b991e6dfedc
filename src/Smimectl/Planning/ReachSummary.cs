using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Adds up whom changes reach.</summary>
internal sealed class ReachSummary
{
    private readonly Dictionary<PlannedChange, Reach> _changes = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _faults = new(StringComparer.Ordinal);
    private Reached _users = Reached.None;
    private Reached _devices = Reached.None;
    private bool _allDevices;

    /// <summary>Adds the changes of one tenant; no user of one is a user of another.</summary>
    public void Add(
        IReadOnlyCollection<PlannedChange> changes, IReadOnlyDictionary<PlannedChange, Audience> audiences,
        IReadOnlyDictionary<string, GroupMembers> groups, int? number, IReadOnlyList<string> faults)
    {
        var users = new Population(groups, g => g.Users, TargetKind.AllLicensedUsers, number);
        var devices = new Population(groups, g => g.Devices, TargetKind.AllDevices, null);
        var (allUsers, allDevices) = (new Total(), new Total());
        // The objects of one policy go to the same people: they are worked out once.
        var known = new Dictionary<string, Reach>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.UserKey is { } key)
            {
                var user = new Crowd();
                user.Add(Guid.TryParseExact(key, "N", out var id) ? id.ToString() : key, isCertain: true);
                var one = (user, new Crowd(), change.Disruption is null ? new Crowd() : user);
                allUsers.Add(one);
                _changes[change] = new Reach { Users = Counted(one, null), Devices = Reached.None };
            }
            else if (audiences.TryGetValue(change, out var audience))
            {
                var signature = Signature(change, audience);
                if (!known.TryGetValue(signature, out var reach))
                {
                    known[signature] = reach = Of(change, audience);
                }

                _changes[change] = reach;
            }
        }

        _users = Sum(_users, allUsers.Count(number));
        _devices = Sum(_devices, allDevices.Count(null));
        _allDevices |= allDevices.IsEverybody;

        Reach Of(PlannedChange change, Audience audience)
        {
            var (usersReached, devicesReached) = (ReachRules.Of(change, audience, users), ReachRules.Of(change, audience, devices));
            allUsers.Add(usersReached);
            allDevices.Add(devicesReached);
            var targets = ReachReader.Targets(audience).ToList();
            var why = users.Faults(targets).Concat(targets.Exists(t => t.Kind == TargetKind.AllLicensedUsers) ? faults : []).Distinct(StringComparer.Ordinal).ToList();
            _faults.UnionWith(why);
            return new Reach
            {
                Users = Counted(usersReached, number), Devices = Counted(devicesReached, null), AllDevices = devicesReached.All.IsEverybody, Faults = why,
            };
        }
    }

    public PlanReach Result() => new(_changes, new Reach { Users = _users, Devices = _devices, AllDevices = _allDevices, Faults = [.. _faults.Order(StringComparer.Ordinal)] });

    private static Reached Counted((Crowd All, Crowd Gains, Crowd Loses) crowds, int? number) =>
        new(crowds.All.Count(number), crowds.Gains.Count(number), crowds.Loses.Count(number));

    private static Reached Sum(Reached one, Reached other) => new(Sum(one.All, other.All), Sum(one.Gains, other.Gains), Sum(one.Loses, other.Loses));

    private static Headcount Sum(Headcount one, Headcount other) => new(one.Least + other.Least, one.Most + other.Most);

    private static string Signature(PlannedChange change, Audience audience) =>
        $"{change.Action} {change.Disruption is null} {Described(audience.Stays)}|{Described(audience.Comes)}|{Described(audience.Goes)}";

    private static string Described(IEnumerable<AssignedTarget> targets) =>
        string.Join(' ', targets.Select(t => $"{t.Target.Kind},{t.Target.GroupId},{t.Target.FilterId},{t.Target.FilterType},{t.Intent}"));

    private sealed class Total
    {
        private readonly (Crowd All, Crowd Gains, Crowd Loses) _crowds = (new Crowd(), new Crowd(), new Crowd());

        public bool IsEverybody => _crowds.All.IsEverybody;

        public void Add((Crowd All, Crowd Gains, Crowd Loses) crowds)
        {
            _crowds.All.Add(crowds.All);
            _crowds.Gains.Add(crowds.Gains);
            _crowds.Loses.Add(crowds.Loses);
        }

        public Reached Count(int? number) => Counted(_crowds, number);
    }
}
