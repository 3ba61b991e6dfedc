using System.Text.Json.Nodes;
using SmimeOperator.Api;
using SmimeOperator.Reconciliation.Tests.Imports;
using SmimeOperator.Reconciliation.Tests.Worlds;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Reconciliation.Tests.Faults;

/// <summary>What changes or ends in the middle of the work: the service, its answers, the permissions, the Secrets, the process itself.</summary>
public sealed class InterruptionTests(Pki pki)
{
    private const string Profiles = "deviceConfigurations";
    private const string Records = "userPfxCertificates";

    [Fact]
    public async Task Ten_minutes_of_silence_are_waited_for_and_the_change_is_made_once_when_they_are_over()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = AddPolicy(world);
        await world.ReconcileAsync(policy);
        TenantWorld.Edit(policy, s => s.Outlook.LdapUrl = "ldap.contoso.com");
        world.Sim.Log.Clear();
        world.Proxy.IsSilent = true;
        world.Clock.TimesOut = true;

        for (var minutes = 0; minutes <= 10; minutes += 5)
        {
            var outcome = await world.ReconcileAsync(policy).WaitAsync(TimeSpan.FromSeconds(60), TenantWorld.Stop);
            policy.Status.ShouldWait(Reasons.ServiceUnavailable).ShouldContain("no answer in time");
            outcome.Retry.ShouldBeTrue();
            world.Clock.Forward(TimeSpan.FromMinutes(5));
        }

        world.Proxy.IsSilent = false;
        world.Clock.TimesOut = false;
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldHaveSingleItem().Method.ShouldBe("PATCH");
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_is_waited_for_and_nothing_is_looked_up_or_lost()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = AddPolicy(world);
        var address = world.Tenant.Spec.Endpoint;
        world.Tenant.Spec.Endpoint = "http://graph.smime-operator.invalid";

        await world.ReconcileAsync(world.Tenant);
        var outcome = await world.ReconcileAsync(policy);

        world.Tenant.Status.ShouldWait(Reasons.ServiceUnavailable).ShouldContain("no connection");
        policy.Status.ShouldWait(Reasons.ServiceUnavailable);
        outcome.Retry.ShouldBeTrue();
        world.Sim.Log.Entries.ShouldBeEmpty();

        world.Tenant.Spec.Endpoint = address;
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
    }

    [Fact]
    public async Task An_object_that_a_page_left_out_because_others_were_deleted_meanwhile_is_not_made_again()
    {
        await using var world = await TenantWorld.StartAsync(pki, new SimulatorOptions { PageSize = 2 });
        var others = Enumerable.Range(0, 2).Select(i => world.Sim.Add(
            Profiles, new JsonObject { ["@odata.type"] = "#microsoft.graph.iosImportedPFXCertificateProfile", ["displayName"] = $"P{i}", ["intendedPurpose"] = "unassigned" })).ToList();
        var policy = AddPolicy(world);
        await world.ReconcileAsync(policy);
        world.Sim.Log.Clear();

        // Both objects of the first page go after it was read; by position, the second page begins two objects late.
        world.Sim.AddFault(new FaultRule { Method = "GET", Path = Profiles, Page = 2, SkipObjects = 2, Count = 1 });
        world.Proxy.Passing = sent =>
        {
            if (sent.Headers.Contains("skiptoken", StringComparison.Ordinal) && sent.Path.EndsWith(Profiles, StringComparison.Ordinal))
            {
                others.ForEach(id => world.Sim.Delete(Profiles, id));
            }

            return Task.CompletedTask;
        };
        await world.SweepAsync();
        await world.ReconcileAsync(policy);

        policy.Status.ShouldBeInSync();
        (policy.Status!.Drift ?? []).ShouldBeEmpty();
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldBeEmpty();
        world.Sim.Count(Profiles).ShouldBe(1);
    }

    [Fact]
    public async Task What_appears_and_goes_between_two_pages_is_neither_doubled_nor_missed()
    {
        await using var world = await TenantWorld.StartAsync(pki, new SimulatorOptions { PageSize = 2 });
        var import = world.AddImport(change: s => s.Sources = [world.Pkcs12("2021", "old"), world.Pkcs12("current", "current"), world.Pkcs12("renewed", "renewed")]);
        await world.ReconcileAsync(import);
        var gone = await world.IdOfAsync("old");
        world.Sim.AddUser("late@contoso.com");
        var pages = 0;
        // By position, what another object pushes onto the next page is shown again there.
        world.Sim.AddFault(new FaultRule { Method = "GET", Path = Records, Page = 2, RepeatObjects = 1 });
        world.Proxy.Passing = sent =>
        {
            if (sent.Path.EndsWith(Records, StringComparison.Ordinal) && sent.Headers.Contains("skiptoken", StringComparison.Ordinal) && ++pages == 1)
            {
                world.Sim.Delete(Records, gone);
                world.Sim.Add(Records, new JsonObject { ["userPrincipalName"] = "late@contoso.com", ["thumbprint"] = new string('a', 40), ["intendedPurpose"] = "smimeEncryption" });
            }

            return Task.CompletedTask;
        };
        await world.SweepAsync();
        await world.ReconcileAsync(import);
        await world.SweepAsync();
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        world.Sim.Count(Records).ShouldBe(4);
        await world.SweepAsync();
        world.Tenant.Status!.Counts!.ImportedCertificates.ShouldBe(4);
        import.Status!.Certificates!.Count.ShouldBe(3);
        pages.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("assign$", "POST")]
    [InlineData("mobileAppConfigurations/", "PATCH")]
    public async Task A_404_for_what_was_made_a_moment_ago_is_waited_for_and_it_is_not_made_again(string path, string method)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = AddPolicy(world);
        await world.ReconcileAsync(policy);
        var assignment = world.AddAssignment("all", s => s.Include = [new IncludeTarget { AllUsers = true }]);
        TenantWorld.Edit(policy, s => s.DisplayName = "Renamed");
        world.Sim.Log.Clear();
        world.Sim.AddFault(new FaultRule { Method = method, Path = path, Status = 404, Count = 1 });

        await world.ReconcileAsync(policy);
        await world.ReconcileAsync(assignment);
        (((ResourceStatus?)(method == "PATCH" ? policy.Status : assignment.Status)).ShouldWait(Reasons.Progressing)).ShouldContain("404");
        policy.Status.Condition(ConditionTypes.Stalled).ShouldBeNull();
        await world.ReconcileAsync(policy);
        await world.ReconcileAsync(assignment);

        policy.Status.ShouldBeInSync();
        assignment.Status.ShouldBeInSync();
        world.Sim.Log.Entries.ShouldNotContain(e => e.Method == "POST" && !e.Path.EndsWith("/assign", StringComparison.Ordinal) && e.IsWrite);
    }

    [Theory]
    [InlineData(401, Reasons.CredentialsInvalid)]
    [InlineData(403, Reasons.PermissionMissing)]
    public async Task Refused_in_the_middle_the_resource_says_so_keeps_what_it_made_and_goes_on_by_itself_once_it_may(int status, string reason)
    {
        await using var world = await TenantWorld.StartAsync(
            pki, new SimulatorOptions { RequireToken = true }, t => new SimulatorCredential(() => t.IssueToken("app", lifetime: TimeSpan.FromHours(1))));
        var policy = AddPolicy(world);
        world.Sim.AddFault(new FaultRule { Method = "POST", Path = "mobileAppConfigurations", Status = status });

        var outcome = await world.ReconcileAsync(policy);

        policy.Status.ShouldBeStalled(reason);
        (world.Sim.Count("mobileApps"), world.Sim.Count(Profiles), world.Sim.Count("mobileAppConfigurations")).ShouldBe((1, 1, 0));
        policy.Status!.Objects!.Count.ShouldBe(2);
        outcome.RequeueAfter.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(10));

        world.Sim.ClearFaults();
        world.Clock.Forward(outcome.RequeueAfter.Value);
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        (world.Sim.Count("mobileApps"), world.Sim.Count(Profiles), world.Sim.Count("mobileAppConfigurations")).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task A_Secret_that_is_deleted_in_use_leaves_what_was_imported_and_is_waited_for()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => { s.Sources = [world.Pkcs12("old", "old"), world.Tls("current", "current")]; s.History = HistoryPolicy.Prune; });
        await world.ReconcileAsync(import);
        world.Catalog.Remove(DataKind.Secret, "current");
        world.Sim.Log.Clear();

        var outcome = await world.ReconcileAsync(import);

        import.Status.ShouldWait(Reasons.ReferenceNotFound).ShouldContain("current");
        outcome.Retry.ShouldBeTrue();
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldBeEmpty();
        world.Sim.Count(Records).ShouldBe(2);

        world.Tls("current", "current");
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_Secret_that_is_deleted_between_plan_and_upload_is_waited_for_and_the_others_are_imported()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Pkcs12("old", "old"), world.Tls("current", "current")]);
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector2.pub"));
        await world.ReconcileAsync(import);

        // After a rotation every source is opened again, when its turn to be uploaded has come.
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector.pub"));
        world.Catalog.PutUnnoticed("current", null);
        await world.ReconcileAsync(import);

        import.Status.Condition(ConditionTypes.Stalled).ShouldBeNull();
        import.Status.ShouldWait(Reasons.ReferenceNotFound).ShouldContain("current");
        world.Sim.Count(Records).ShouldBe(2);

        // The other one was uploaded, and that is known: it is not uploaded again.
        var old = world.Sim.StoredPfx(await world.IdOfAsync("old"))!;
        (await pki.OpenAsync(old.Blob, old.EncryptedPassword)).ShouldBe(await pki.ThumbprintAsync("old"));
        world.Sim.Log.Clear();

        world.Tls("current", "current");
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
        world.Sim.Log.Entries.Where(e => e.IsWrite).ShouldHaveSingleItem().Path.ShouldContain(await pki.ThumbprintAsync("current"));
        foreach (var certificate in (string[])["old", "current"])
        {
            var upload = world.Sim.StoredPfx(await world.IdOfAsync(certificate))!;
            (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword)).ShouldBe(await pki.ThumbprintAsync(certificate));
        }
    }

    [Fact]
    public async Task A_rotation_whose_answers_are_lost_and_that_is_taken_back_leaves_no_certificate_that_the_connector_cannot_open()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var import = world.AddImport(change: s => s.Sources = [world.Tls("current", "current")]);
        await world.ReconcileAsync(import);
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector2.pub"));
        world.Sim.AddFault(new FaultRule { Method = "PATCH", Drop = DropMoment.AfterCommit });
        await world.ReconcileAsync(import);
        import.Status.ShouldWait(Reasons.ServiceUnavailable);
        world.Sim.ClearFaults();

        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector.pub"));
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        var upload = world.Sim.StoredPfx(await world.IdOfAsync("current"))!;
        (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword)).ShouldBe(await pki.ThumbprintAsync("current"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rotation_that_is_killed_and_taken_back_leaves_no_certificate_that_the_connector_cannot_open(bool many)
    {
        await using var world = await TenantWorld.StartAsync(pki);
        world.Tls("current", "current", new() { [Escrow.Label] = "true" });
        world.Catalog.Annotate("current", Annotations.UserPrincipalName, TenantWorld.User);
        var import = many ? Escrow.AddImport(world) : world.AddImport(change: s => s.Sources = [new CertificateSourceSpec { Name = "current", Tls = new TlsSource { SecretName = "current" } }]);
        await world.ReconcileAsync(import);
        import.Status.ShouldBeInSync();
        world.Clock.Forward(TimeSpan.FromSeconds(15));
        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector2.pub"));
        (await world.KillDuringAsync(DeathMoment.AfterWrite, 1, () => world.ReconcileAsync(import))).ShouldBeTrue();

        world.Catalog.Put(DataKind.ConfigMap, "connector-key", "public.pem", pki.Pem("connector.pub"));
        await world.ReconcileAsync(import);

        import.Status.ShouldBeInSync();
        var upload = world.Sim.StoredPfx(await world.IdOfAsync("current"))!;
        (await pki.OpenAsync(upload.Blob, upload.EncryptedPassword)).ShouldBe(await pki.ThumbprintAsync("current"));
    }

    [Fact]
    public async Task Told_to_end_the_process_awaits_the_write_in_hand_notes_it_begins_no_other_and_the_next_goes_on()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = AddPolicy(world);
        var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Proxy.Passing = sent =>
        {
            if (sent.Method != "POST" || !sent.Path.EndsWith("/mobileApps", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            arrived.TrySetResult();
            return release.Task;
        };
        var running = world.ReconcileAsync(policy);
        await arrived.Task.WaitAsync(TenantWorld.Stop);

        await world.ShutDownAsync();
        var sent = world.Sent.Count;
        release.SetResult();
        await Should.ThrowAsync<OperationCanceledException>(running);

        // What became of it is known, and nothing more was sent.
        world.Sim.Count("mobileApps").ShouldBe(1);
        var made = (string)world.Sim.List("mobileApps").Single()["id"]!;
        world.Log.Lines.ShouldContain(l => l.Contains("SmimeOperator.Audit", StringComparison.Ordinal) && l.Contains(made, StringComparison.Ordinal));
        world.Sent.Count.ShouldBe(sent);

        // What it had not begun yet, the next one cannot know: it makes it when the tenant would show it.
        await world.RestartAsync();
        await world.ReconcileAsync(policy);
        world.Clock.Forward(TimeSpan.FromSeconds(30));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        ((string)world.Sim.List("mobileApps").ShouldHaveSingleItem()["id"]!).ShouldBe(made);
    }

    [Fact]
    public async Task Told_to_end_while_the_service_is_silent_the_process_does_not_wait_for_ever()
    {
        await using var world = await TenantWorld.StartAsync(pki);
        var policy = AddPolicy(world);
        world.Sim.AddFault(new FaultRule { Method = "POST", Silence = DropMoment.AfterCommit });
        var running = world.ReconcileAsync(policy);
        while (world.Sim.Count("mobileApps") == 0)
        {
            await Task.Yield();
        }

        await world.ShutDownAsync();

        await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(TimeSpan.FromSeconds(30), TenantWorld.Stop));
        world.Sim.ClearFaults();
        await world.RestartAsync();
        await world.ReconcileAsync(policy);
        world.Clock.Forward(TimeSpan.FromSeconds(30));
        await world.ReconcileAsync(policy);
        policy.Status.ShouldBeInSync();
        world.Sim.Count("mobileApps").ShouldBe(1);
    }

    // App, profile and app policy.
    private static SmimePolicy AddPolicy(TenantWorld world) =>
        world.AddPolicy(change: s => s.Encryption = new EncryptionSpec { Source = EncryptionSource.ImportedPkcs });
}
