using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>Whose the certificates are.</summary>
public sealed class ImportUserTests(Pki pki)
{
    private const string Records = "userPfxCertificates";

    [Theory]
    [InlineData(IdentityCheck.Enforce, 0)]
    [InlineData(IdentityCheck.Warn, 1)]
    [InlineData(IdentityCheck.Off, 1)]
    public async Task A_certificate_of_somebody_else_is_judged_as_the_spec_says(IdentityCheck check, int imported)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.Sources = [world.Tls("current", "bob")]; s.IdentityCheck = check; });

        await world.ReconcileAsync(import);

        world.Sim.Count(Records).ShouldBe(imported);
        var line = import.Status!.Certificates!.ShouldHaveSingleItem();
        switch (check)
        {
            case IdentityCheck.Enforce:
                import.Status.ShouldBeStalled(Reasons.IdentityMismatch).ShouldContain("source current");
                line.State.ShouldBe(CertificateState.Refused);
                break;
            case IdentityCheck.Warn:
                import.Status.ShouldBeInSync();
                line.Message.ShouldNotBeNull().ShouldStartWith("warning");
                break;
            default:
                import.Status.ShouldBeInSync();
                line.Message.ShouldBeNull();
                break;
        }
    }

    [Fact]
    public async Task A_user_who_is_not_there_yet_is_waited_for()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.UserPrincipalName = "bob@contoso.com"; s.Sources = [world.Tls("current", "bob")]; });

        await world.ReconcileAsync(import);
        import.Status.ShouldWait(Reasons.UserNotFound).ShouldContain("bob@contoso.com");

        world.Sim.AddUser("Bob@Contoso.com");
        world.Clock.Forward(TimeSpan.FromMinutes(1));
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
        world.Sim.Count(Records).ShouldBe(1);
    }

    [Fact]
    public async Task A_user_who_is_renamed_is_followed_by_object_id()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);

        world.Sim.Change("users", import.Status!.UserId!, new JsonObject { ["userPrincipalName"] = "alice.miller@contoso.com" });
        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        import.Status!.History!.Notes!.ShouldContain(n => n.Contains("is called alice.miller@contoso.com now", StringComparison.Ordinal));
        var record = world.Sim.List(Records).ShouldHaveSingleItem();
        ((string?)record["id"], (string?)record["userPrincipalName"]).ShouldBe((await world.IdOfAsync("current"), "alice.miller@contoso.com"));
    }

    [Fact]
    public async Task A_name_that_another_person_bears_by_now_gets_nobody_elses_key()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        world.Sim.Change("users", import.Status!.UserId!, new JsonObject { ["userPrincipalName"] = "alice.miller@contoso.com" });
        world.Sim.AddUser(TenantWorld.User);

        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldBeStalled(Reasons.AmbiguousMatch).ShouldContain("alice.miller@contoso.com");
        world.Sim.Count(Records).ShouldBe(1);
    }

    [Fact]
    public async Task A_user_who_was_deleted_is_told_from_one_who_never_was()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        world.Sim.Delete("users", import.Status!.UserId!);

        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldWait(Reasons.UserDeleted).ShouldContain(TenantWorld.User);
        world.Sim.Count(Records).ShouldBe(1);
    }
}
