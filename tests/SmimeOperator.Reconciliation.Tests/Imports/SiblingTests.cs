using k8s;
using SmimeOperator.Reconciliation.Tests.Worlds;

namespace SmimeOperator.Reconciliation.Tests.Imports;

/// <summary>Several resources that import for one user.</summary>
public sealed class SiblingTests(Pki pki)
{
    [Fact]
    public async Task What_one_resource_imports_is_not_unsourced_to_another_and_a_restart_changes_no_status()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var first = world.AddImport("first", s => s.Sources = [world.Tls("old", "old")]);
        var second = world.AddImport("second", s => s.Sources = [world.Tls("current", "current")]);

        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);
        await world.ReconcileAsync(first);
        var told = (KubernetesJson.Serialize(first.Status), KubernetesJson.Serialize(second.Status));
        await world.RestartAsync();
        await world.ReconcileAsync(first);
        await world.ReconcileAsync(second);

        first.Status!.History!.Unsourced.ShouldBe(0);
        second.Status!.History!.Unsourced.ShouldBe(0);
        (KubernetesJson.Serialize(first.Status), KubernetesJson.Serialize(second.Status)).ShouldBe(told);
    }

    [Fact]
    public async Task What_nobody_imports_here_is_counted_and_named_once_the_others_have_told_theirs()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var first = world.AddImport("first", s => s.Sources = [world.Tls("old", "old")]);
        var second = world.AddImport("second", s => s.Sources = [world.Tls("current", "current")]);
        var stranger = $"{world.UserKey}-{new string('a', 40)}";
        world.Sim.Add("userPfxCertificates", new()
        {
            ["userPrincipalName"] = TenantWorld.User, ["thumbprint"] = new string('a', 40), ["intendedPurpose"] = "smimeEncryption", ["id"] = stranger,
            ["startDateTime"] = "2020-01-01T00:00:00Z", ["expirationDateTime"] = "2022-01-01T00:00:00Z",
        });

        await world.ReconcileAsync(first);
        first.Status!.History!.Unsourced.ShouldBe(0);
        await world.ReconcileAsync(second);

        second.Status!.History!.Unsourced.ShouldBe(1);
        second.Status.History.Notes!.ShouldContain(n => n.StartsWith(new string('a', 40), StringComparison.Ordinal));
    }
}
