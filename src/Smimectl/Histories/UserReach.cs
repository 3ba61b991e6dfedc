using SmimeOperator.Intune;

namespace Smimectl;

/// <summary>Whether something that is assigned reaches a user, the surest first.</summary>
internal enum UserReach
{
    /// <summary>It does.</summary>
    Yes,

    /// <summary>It depends on the device: a filter, or an assignment to devices.</summary>
    Device,

    /// <summary>It could not be found out.</summary>
    Unknown,

    /// <summary>It does not.</summary>
    No,
}

/// <summary>Whether something reaches a user, and why.</summary>
/// <param name="Reach">Whether it does.</param>
/// <param name="Because">Why, in words.</param>
/// <param name="Join">Groups that the user would get it by.</param>
/// <param name="Leave">Excluded groups that the user is in.</param>
internal sealed record UserVerdict(UserReach Reach, string Because, IReadOnlyList<string> Join, IReadOnlyList<string> Leave)
{
    /// <summary>Judges the targets of one object. Pure.</summary>
    /// <param name="targets">Whom the object is assigned to.</param>
    /// <param name="memberships">Whether the user is in the groups, by group.</param>
    /// <param name="words">The names of groups and filters.</param>
    public static UserVerdict Of(IReadOnlyCollection<AssignmentTarget> targets, IReadOnlyDictionary<string, Membership> memberships, TargetWords words)
    {
        var includes = targets.Where(t => t.Kind != TargetKind.ExclusionGroup).ToList();
        if (includes.Count == 0)
        {
            return new UserVerdict(UserReach.No, "it is not assigned to anybody", [], []);
        }

        var exclusions = targets.Where(t => t.Kind == TargetKind.ExclusionGroup).ToList();
        var leave = exclusions.Where(t => Find(t).IsMember == true).Select(words.Who).ToList();
        var doubts = exclusions.Select(t => Find(t)).Where(m => m.IsMember is null).Select(m => m.Fault!).ToList();
        var found = includes.ConvertAll(t => Judge(t));
        var join = includes.Where(t => t.Kind == TargetKind.Group && Find(t).IsMember == false).Select(words.Who).Distinct(StringComparer.Ordinal).ToList();
        var best = found.Min(f => f.Reach);
        if (best != UserReach.No)
        {
            return new UserVerdict(best, string.Join("; or ", found.Where(f => f.Reach == best).Select(f => f.Because).Distinct(StringComparer.Ordinal)), [], []);
        }

        // Who is in one of its groups already has to join no other.
        var isInNone = includes.TrueForAll(t => t.Kind == TargetKind.Group && Find(t).IsMember == false);
        List<string> reasons = [];
        if (isInNone)
        {
            reasons.Add("the user is not in any of its groups");
        }

        if (leave.Count > 0)
        {
            reasons.Add($"the user is excluded by {string.Join(" and ", leave)}");
        }

        return new UserVerdict(UserReach.No, string.Join(", and ", reasons), isInNone ? join : [], leave);

        (UserReach Reach, string Because) Judge(AssignmentTarget target) => (target.Kind, target.Kind == TargetKind.Group ? Find(target) : null) switch
        {
            (TargetKind.AllLicensedUsers, _) => OfUser(target, "it goes to all users"),
            (TargetKind.AllDevices, _) => (UserReach.Device, $"it goes to all devices{(words.Filter(target) is { } filter ? $" {filter}" : "")}, so the device decides"),
            (TargetKind.Group, { IsMember: true }) => OfUser(target, $"the user is in {words.Who(target)}"),
            (TargetKind.Group, { IsMember: null, Fault: var fault }) => (UserReach.Unknown, fault!),
            // Whose devices these are is not told: one of the user's may be among them.
            (TargetKind.Group, { Devices: > 0 } devices) =>
                (UserReach.Device, $"the user is not in {words.Who(target)}, which has {Numbers.Of(devices.Devices.Value, "device")}, so the device decides"),
            (TargetKind.Group, { Devices: null, Fault: var fault }) => (UserReach.Unknown, $"the user is not in {words.Who(target)}, and whether devices are is not known: {fault}"),
            (TargetKind.Group, _) => (UserReach.No, ""),
            _ => (UserReach.Unknown, "it is assigned to a target of a kind that is not understood"),
        };

        // Groups of users that are excluded say nothing about devices.
        (UserReach Reach, string Because) OfUser(AssignmentTarget target, string because) => (leave, doubts, words.Filter(target)) switch
        {
            ([_, ..], _, _) => (UserReach.No, ""),
            (_, [_, ..], _) => (UserReach.Unknown, $"{because}, and may be excluded: {string.Join("; ", doubts)}"),
            (_, _, { } filter) => (UserReach.Device, $"{because}, and gets it on a device {filter}"),
            _ => (UserReach.Yes, because),
        };

        Membership Find(AssignmentTarget target) => memberships.GetValueOrDefault(target.GroupId ?? "", Membership.Stranger);
    }

    /// <summary>Whether it does, in a word or two.</summary>
    public string Word => Reach switch
    {
        UserReach.Yes => "yes",
        UserReach.Device => "depends",
        UserReach.Unknown => "not known",
        _ => "no",
    };
}
