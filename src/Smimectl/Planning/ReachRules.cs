using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl;

/// <summary>Who gains and who loses by changed assignments: groups that come, groups that go, and exclusions that come and go. Pure.</summary>
internal static class ReachRules
{
    /// <summary>Those whom a change reaches, those who gain and those who lose.</summary>
    public static (Crowd All, Crowd Gains, Crowd Loses) Of(PlannedChange change, Audience audience, Population population)
    {
        if (change.Action != ChangeAction.Assign)
        {
            var all = Gaining([], [.. audience.Stays.Concat(audience.Goes).Select(a => a.Target)], [], population);
            return (all, new Crowd(), change.Disruption is null && audience.Goes.Count == 0 ? new Crowd() : all);
        }

        // The same people with another intent or other settings: they have it before and after.
        var replaced = audience.Comes.Select(a => (Now: a, Then: audience.Goes.FirstOrDefault(g => g.Target == a.Target))).Where(p => p.Then is not null).ToList();
        var same = replaced.ConvertAll(p => p.Now.Target);
        List<AssignmentTarget> staying = [.. audience.Stays.Select(s => s.Target), .. same];
        var coming = audience.Comes.Select(a => a.Target).Except(same).ToList();
        var going = audience.Goes.Select(r => r.Target).Except(same).ToList();
        var gains = Gaining(staying, coming, going, population);
        var loses = Gaining(staying, going, coming, population);
        // Another intent takes the old one away, as the plan says too.
        loses.Add(Having(staying, [.. replaced.Where(p => !string.Equals(p.Now.Intent, p.Then!.Intent, StringComparison.OrdinalIgnoreCase)).Select(p => p.Now.Target)], population));
        var everybody = Having(staying, same, population);
        everybody.Add(gains);
        everybody.Add(loses);
        return (everybody, gains, loses);
    }

    private static Crowd Having(List<AssignmentTarget> staying, List<AssignmentTarget> targets, Population population) =>
        Gaining([.. staying.Where(t => t.Kind == TargetKind.ExclusionGroup)], targets, [], population);

    // Has it after: some include holds and no exclusion. Had it not: no include held, or an exclusion that goes.
    private static Crowd Gaining(
        IReadOnlyList<AssignmentTarget> staying, IReadOnlyList<AssignmentTarget> coming, IReadOnlyList<AssignmentTarget> going, Population population)
    {
        var crowd = new Crowd();
        if (coming.All(t => t.Kind == TargetKind.ExclusionGroup) && going.All(t => t.Kind != TargetKind.ExclusionGroup))
        {
            return crowd;
        }

        // Who has it as one of all gains nothing by a group.
        var isCovered = staying.Concat(going).Any(population.IsEverybody);
        var named = population.Named([.. staying, .. coming, .. going]);
        var spared = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var id in named)
        {
            var (byInclude, byExclusion) = Gains(id);
            var best = (Belonging)Math.Max((int)byInclude, (int)byExclusion);
            if (best == Belonging.No)
            {
                spared.Add(id);
            }
            else
            {
                crowd.Add(id, isCertain: best == Belonging.Yes);
            }
        }

        var (stranger, unexcluded) = Gains(null);
        foreach (var target in coming.Where(t => stranger != Belonging.No && t.Kind != TargetKind.ExclusionGroup)
            .Concat(going.Where(t => unexcluded != Belonging.No && t.Kind == TargetKind.ExclusionGroup)))
        {
            population.AddUnnamed(crowd, target, spared);
        }

        return crowd;

        (Belonging ByInclude, Belonging ByExclusion) Gains(string? id)
        {
            var isExcluded = Any(id, staying.Concat(coming), isExclusion: true);
            var (stays, comes, goes) = (Any(id, staying, isExclusion: false), Any(id, coming, isExclusion: false), Any(id, going, isExclusion: false));
            var wasExcluded = Any(id, going, isExclusion: true);
            return (isCovered ? Belonging.No : All(Not(isExcluded), comes, Not(stays), Not(goes)), All(Not(isExcluded), wasExcluded, Either(stays, comes)));
        }

        Belonging Any(string? id, IEnumerable<AssignmentTarget> targets, bool isExclusion) => targets
            .Where(t => t.Kind == TargetKind.ExclusionGroup == isExclusion).Select(t => population.Belongs(id, t)).Aggregate(Belonging.No, Either);
    }

    private static Belonging Either(Belonging one, Belonging other) => one > other ? one : other;

    private static Belonging All(params ReadOnlySpan<Belonging> all)
    {
        var least = Belonging.Yes;
        foreach (var one in all)
        {
            least = one < least ? one : least;
        }

        return least;
    }

    private static Belonging Not(Belonging one) => Belonging.Yes - (int)one;
}
