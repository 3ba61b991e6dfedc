using SmimeOperator.Intune;
using SmimeOperator.Reconciliation;

namespace Smimectl.Tests.Planning;

/// <summary>Who gains and who loses, worked out by hand for a tenant of ten users: "a" and "b" are sales, "b" and "c" are support; "big" has nine members whom nobody read.</summary>
public sealed class ReachRulesTests
{
    private static readonly AssignedTarget Sales = Group("sales");
    private static readonly AssignedTarget Support = Group("support");
    private static readonly AssignedTarget Big = Group("big");
    private static readonly AssignedTarget WithoutSupport = new(new AssignmentTarget(TargetKind.ExclusionGroup, "support"), null);
    private static readonly AssignedTarget Everybody = new(new AssignmentTarget(TargetKind.AllLicensedUsers), null);

    private static readonly Population Tenant = new(
        new Dictionary<string, GroupMembers>
        {
            ["sales"] = Members("a", "b"), ["support"] = Members("b", "c"), ["big"] = new(new MemberSet(9, null), MemberSet.Empty), ["closed"] = GroupMembers.Unknown("403"),
        },
        g => g.Users, TargetKind.AllLicensedUsers, 10);

    [Fact]
    public void Who_has_it_by_another_group_neither_gains_nor_loses()
    {
        Assigned(stays: [Sales], comes: [Support]).ShouldBe((Exactly(1), Exactly(1), Exactly(0)));
        Assigned(stays: [Sales], goes: [Support]).ShouldBe((Exactly(1), Exactly(0), Exactly(1)));
        Assigned(stays: [Everybody], comes: [Sales]).ShouldBe((Exactly(0), Exactly(0), Exactly(0)));
    }

    [Fact]
    public void An_exclusion_that_comes_takes_and_one_that_goes_gives()
    {
        Assigned(stays: [Sales], comes: [WithoutSupport]).ShouldBe((Exactly(1), Exactly(0), Exactly(1)));
        Assigned(stays: [Sales], goes: [WithoutSupport]).ShouldBe((Exactly(1), Exactly(1), Exactly(0)));
        Assigned(stays: [WithoutSupport], comes: [Sales]).ShouldBe((Exactly(1), Exactly(1), Exactly(0)));
    }

    [Fact]
    public void Everybody_in_place_of_a_group_is_everybody_but_the_group()
    {
        var (all, gains, loses) = Assigned(comes: [Everybody], goes: [Sales]);
        (all, gains, loses).ShouldBe((new Headcount(0, 8), new Headcount(0, 8), Exactly(0)));
    }

    [Fact]
    public void A_filter_that_changes_may_give_and_may_take()
    {
        Assigned(comes: [Filtered("ipads")], goes: [Filtered("iphones")]).ShouldBe((new Headcount(0, 2), new Headcount(0, 2), new Headcount(0, 2)));
    }

    [Fact]
    public void Another_intent_is_taken_from_those_who_have_it()
    {
        Assigned(comes: [Sales with { Intent = "available" }], goes: [Sales with { Intent = "required" }]).ShouldBe((Exactly(2), Exactly(0), Exactly(2)));
    }

    [Fact]
    public void Groups_of_which_only_the_number_is_known_add_up_to_the_tenant_at_most_and_closed_ones_to_nothing_better()
    {
        Assigned(comes: [Big]).Gains.ShouldBe(new Headcount(0, 9));
        Assigned(comes: [Big, Sales]).Gains.ShouldBe(new Headcount(2, 10));
        Assigned(comes: [Group("closed"), Sales]).Gains.ShouldBe(new Headcount(2, 10));
    }

    [Fact]
    public void A_disruptive_update_takes_something_from_all_who_have_it()
    {
        var change = Change(ChangeAction.Update) with { Disruption = "revokes" };
        var (all, _, loses) = ReachRules.Of(change, new Audience([Sales, Support], [], []), Tenant);
        (all.Count(10), loses.Count(10)).ShouldBe((Exactly(3), Exactly(3)));
    }

    private static (Headcount All, Headcount Gains, Headcount Loses) Assigned(AssignedTarget[]? stays = null, AssignedTarget[]? comes = null, AssignedTarget[]? goes = null)
    {
        var (all, gains, loses) = ReachRules.Of(Change(ChangeAction.Assign), new Audience(stays ?? [], comes ?? [], goes ?? []), Tenant);
        return (all.Count(10), gains.Count(10), loses.Count(10));
    }

    private static PlannedChange Change(ChangeAction action) => new()
    {
        Action = action, Cause = ChangeCause.Spec, Stage = ChangeStage.Assignments, Type = "iosMobileAppConfiguration", Role = "AppPolicy", Name = "x",
    };

    private static AssignedTarget Group(string id) => new(new AssignmentTarget(TargetKind.Group, id), null);

    private static AssignedTarget Filtered(string filter) => new(new AssignmentTarget(TargetKind.Group, "sales", filter, FilterType.Include), null);

    private static GroupMembers Members(params string[] ids) => new(new MemberSet(ids.Length, ids), MemberSet.Empty);

    private static Headcount Exactly(int number) => new(number, number);
}
