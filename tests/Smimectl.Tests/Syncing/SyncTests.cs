using System.Text.Json.Nodes;
using SmimeOperator.Api;

namespace Smimectl.Tests;

public sealed class SyncTests
{
    [Fact]
    public async Task The_samples_converge_from_an_empty_tenant()
    {
        await using var bench = await Workbench.OpenAsync();

        var view = await bench.StartAndConvergeAsync();

        view.Problems.ShouldBeEmpty();
        bench.Simulator.Tenant.Count("userPfxCertificates").ShouldBe(6);
        bench.Simulator.Tenant.Count("mobileApps").ShouldBe(1);
        bench.Simulator.Tenant.Count("deviceConfigurations").ShouldBe(3);
        bench.Single("mobileAppConfigurations")["assignments"]!.AsArray().Count.ShouldBe(3);
        bench.Writes.ShouldBe(16);
        TenantSummary.Of(view).ShouldBe(
            "1 app, 1 root, 2 profiles, 1 app policy, 6 imported certificates for 3 users, assigned to 2 groups and kept from 1");
        bench.Simulator.Tenant.Log.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_samples_of_all_ways_converge_together_and_a_second_run_writes_nothing()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.AddWays();

        var view = await bench.StartAndConvergeAsync();

        view.Problems.ShouldBeEmpty();
        view.Records.Count(r => r.Entity is SmimePolicy).ShouldBe(7);
        bench.Simulator.Tenant.List("mobileApps").Select(a => ((string)a["@odata.type"]!).Split('.')[^1]).Order()
            .ShouldBe(["androidManagedStoreApp", "iosStoreApp", "iosVppApp"]);
        bench.Simulator.Tenant.Count("mobileAppConfigurations").ShouldBe(8);
        bench.Simulator.Tenant.Log.Violations.ShouldBeEmpty();
        await bench.StopAsync();
        bench.Simulator.Tenant.Log.Clear();

        await bench.StartAndConvergeAsync();

        bench.Simulator.Tenant.Log.Total.Reads.ShouldBeGreaterThan(0);
        bench.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task A_second_run_writes_nothing()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        var before = bench.Writes;
        before.ShouldBeGreaterThan(0);
        bench.Simulator.Tenant.Log.Clear();

        await bench.StartAndConvergeAsync();

        bench.Simulator.Tenant.Log.Total.Reads.ShouldBeGreaterThan(0);
        bench.Writes.ShouldBe(0);
    }

    [Fact]
    public async Task An_Assignment_under_another_name_takes_over_and_nothing_is_written()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        bench.Simulator.Tenant.Log.Clear();

        bench.Edit("assignment.yaml", t => t.Replace("name: smime-users", "name: mail-users", StringComparison.Ordinal));
        await bench.UntilAsync(v => v is { IsIdle: true, IsReady: true } && v.Records.Single(r => r.Entity is Assignment).Key.Name == "mail-users");

        bench.Writes.ShouldBe(0);
        bench.Single("mobileAppConfigurations")["assignments"]!.AsArray().Count.ShouldBe(3);

        // What it took over is its own: with it, everything goes.
        File.Delete(Path.Combine(bench.Samples, "assignment.yaml"));
        await bench.UntilAsync(v => v.IsIdle && v.Records.All(r => r.Entity is not Assignment));
        bench.Single("mobileAppConfigurations")["assignments"]!.AsArray().ShouldBeEmpty();
        bench.Single("mobileApps")["assignments"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_its_state_a_run_finds_everything_by_its_mark()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        File.Delete(bench.State);
        bench.Simulator.Tenant.Log.Clear();

        await bench.StartAndConvergeAsync();

        bench.Simulator.Tenant.Count("mobileAppConfigurations").ShouldBe(1);
        bench.Simulator.Tenant.Count("deviceConfigurations").ShouldBe(3);
        bench.Simulator.Tenant.Count("userPfxCertificates").ShouldBe(6);
    }

    [Fact]
    public async Task An_edited_manifest_changes_the_tenant()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();

        bench.Edit("policy.yaml", t => t.Replace("ldaps://ldap.contoso.com", "ldaps://directory.contoso.com", StringComparison.Ordinal));
        await bench.UntilAsync(v => v.IsIdle && v.IsReady && Policy(v).Entity.Metadata.Generation == 2);

        bench.Single("mobileAppConfigurations").ToJsonString().ShouldContain("ldaps://directory.contoso.com");
    }

    [Fact]
    public async Task A_change_in_the_tenant_is_corrected_and_reported()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        var id = (string)bench.Single("mobileAppConfigurations")["id"]!;

        bench.Simulator.Tenant.Change("mobileAppConfigurations", id, new JsonObject { ["displayName"] = "changed in the portal" }).ShouldBeTrue();
        var view = await bench.UntilAsync(v => v.IsIdle && v.IsReady && ResourceRow.Of(Policy(v)).Drift == "corrected");

        ((string?)bench.Single("mobileAppConfigurations")["displayName"]).ShouldBe("Outlook for iOS S/MIME");
        view.Events.ShouldContain(e => e.Event.Reason == Reasons.DriftCorrected && e.Event.Message.Contains("/displayName", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_deleted_import_comes_back_and_is_reported_once()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        var id = (string)bench.Simulator.Tenant.List("userPfxCertificates")[0]["id"]!;

        bench.Simulator.Tenant.Delete("userPfxCertificates", id).ShouldBeTrue();
        var view = await bench.UntilAsync(v => v.IsIdle && v.IsReady && v.Events.Count(e => e.Event.Reason == Reasons.Imported) == 7);

        bench.Simulator.Tenant.Find("userPfxCertificates", id).ShouldNotBeNull();
        view.Events.Count(e => e.Event.Reason == Reasons.DriftCorrected).ShouldBe(1);
    }

    [Fact]
    public async Task A_new_secret_with_the_label_is_imported()
    {
        await using var bench = await Workbench.OpenAsync();
        var held = Path.Combine(bench.Secrets, "carol-current.yaml");
        var text = await File.ReadAllTextAsync(held, bench.Limit);
        File.Delete(held);
        await bench.StartAndConvergeAsync();
        bench.Simulator.Tenant.Count("userPfxCertificates").ShouldBe(5);

        await File.WriteAllTextAsync(held, text, bench.Limit);
        await bench.UntilAsync(v => v.IsIdle && v.IsReady && v.Events.Count(e => e.Event.Reason == Reasons.Imported) == 6);

        bench.Simulator.Tenant.Count("userPfxCertificates").ShouldBe(6);
    }

    [Fact]
    public async Task Removed_manifests_leave_the_tenant_clean()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();

        // Everything at once: the order of deletion is the program's affair.
        foreach (var file in (string[])["tenant.yaml", "policy.yaml", "assignment.yaml"])
        {
            File.Delete(Path.Combine(bench.Samples, file));
        }

        bench.Edit("imports.yaml", _ => "");
        await bench.UntilAsync(v => v.Records.Count == 0);

        bench.Simulator.Tenant.Count("mobileAppConfigurations").ShouldBe(0);
        bench.Simulator.Tenant.Count("deviceConfigurations").ShouldBe(0);
        bench.Simulator.Tenant.Count("mobileApps").ShouldBe(0);
        // deletionPolicy of imports is Orphan: losing an encryption key makes old mail unreadable.
        bench.Simulator.Tenant.Count("userPfxCertificates").ShouldBe(6);
        await bench.StopAsync();
        (await File.ReadAllTextAsync(bench.State, bench.Limit)).ShouldNotContain("outlook-ios");
    }

    [Fact]
    public async Task What_was_removed_while_nobody_watched_is_deleted_at_the_next_start()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        await bench.StopAsync();
        File.Delete(Path.Combine(bench.Samples, "assignment.yaml"));

        bench.Start();
        await bench.UntilAsync(v => v.IsIdle && v.Records.Count > 0 && v.Records.All(r => r.Key.Kind != Assignment.KubeKind));

        bench.Single("mobileAppConfigurations")["assignments"]!.AsArray().ShouldBeEmpty();
        bench.Simulator.Tenant.Count("deviceConfigurations").ShouldBe(3);
    }

    [Fact]
    public async Task Broken_yaml_keeps_its_resources_and_lets_all_others_change()
    {
        await using var bench = await Workbench.OpenAsync();
        await bench.StartAndConvergeAsync();
        var writes = bench.Writes;

        bench.Edit("assignment.yaml", t => t + "\n  nonsense: [\n");
        var broken = await bench.UntilAsync(v => v.IsIdle && v.Problems.Count > 0);
        broken.Problems.ShouldHaveSingleItem().File.ShouldEndWith("assignment.yaml");
        broken.Problems[0].Line.ShouldBeGreaterThan(0);

        // Nothing is concluded from a folder that cannot be read whole, and edits elsewhere still take effect.
        bench.Edit("policy.yaml", t => t.Replace("encryptAllMail: {enabled: false", "encryptAllMail: {enabled: true", StringComparison.Ordinal));
        await bench.UntilAsync(v => v.IsIdle && v.IsReady && Policy(v).Entity.Metadata.Generation == 2);

        bench.Writes.ShouldBe(writes + 1);
        bench.Single("mobileAppConfigurations")["assignments"]!.AsArray().Count.ShouldBe(3);
        await bench.StopAsync();

        // The last good version outlives the process too.
        await bench.StartAndConvergeAsync();
        bench.Board.View.Problems.ShouldNotBeEmpty();
        bench.Board.View.Records.ShouldContain(r => r.Key.Kind == Assignment.KubeKind);
        bench.Writes.ShouldBe(writes + 1);
        bench.Single("mobileAppConfigurations")["assignments"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task Neither_state_nor_events_hold_anything_of_a_secret()
    {
        await using var bench = await Workbench.OpenAsync();
        var canaries = Directory.EnumerateFiles(bench.Secrets).Where(f => !f.EndsWith("pki.yaml", StringComparison.Ordinal) && !f.EndsWith("connector-key.yaml", StringComparison.Ordinal))
            .SelectMany(File.ReadLines).Select(l => l.Trim())
            .SelectMany(l => l.StartsWith("keystore.p12: ", StringComparison.Ordinal) ? [l[14..54], l[^40..]]
                : l.StartsWith("password: ", StringComparison.Ordinal) ? [l[10..].Trim('"')]
                : l.Length == 64 ? [l]
                : Array.Empty<string>())
            .ToList();
        canaries.Count.ShouldBeGreaterThan(30);

        var view = await bench.StartAndConvergeAsync();
        await bench.StopAsync();

        var said = await File.ReadAllTextAsync(bench.State, bench.Limit) + string.Join('\n', view.Events.Select(e => e.Event.Message));
        said.ShouldContain("alice@contoso.com");
        canaries.ShouldAllBe(c => !said.Contains(c, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_processes_cannot_work_with_one_state()
    {
        await using var bench = await Workbench.OpenAsync();
        bench.Start();

        Should.Throw<StateFileException>(() => FolderSync.Open(new SyncOptions { Folders = [bench.Samples], StatePath = bench.State }))
            .Message.ShouldContain("in use");
    }

    private static ResourceRecord Policy(BoardView view) => view.Records.Single(r => r.Key.Kind == SmimePolicy.KubeKind);
}
