using Microsoft.Extensions.Time.Testing;
using SmimeOperator.TenantSimulator;

namespace SmimeOperator.Intune.Tests.Tenant;

public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_says_tenant_and_permissions_without_any_request()
    {
        await using var tenant = await TestTenant.StartAsync(credential: sim => new TestCredential(() => sim.IssueToken("app", ["DeviceManagementApps.Read.All"])));
        var access = await tenant.Intune.VerifyAccessAsync(Token);
        access.TenantId.ShouldBe(tenant.Sim.TenantId);
        access.Permissions.ShouldNotBeNull().ShouldBe(["DeviceManagementApps.Read.All"]);
        tenant.Sim.Log.Entries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_missing_permission_is_the_part_s_fault_and_named()
    {
        await using var tenant = await TestTenant.StartAsync(credential: sim => new TestCredential(() => sim.IssueToken("app", ["DeviceManagementConfiguration.Read.All"])));
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.Keys.ShouldBe([SnapshotPart.MobileApps, SnapshotPart.AppConfigurations], ignoreOrder: true);
        var fault = snapshot.Faults[SnapshotPart.MobileApps];
        fault.Kind.ShouldBe(FaultKind.PermissionMissing);
        fault.RequiredPermissions.ShouldContain("DeviceManagementApps.Read.All");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_wrong_tenant_nothing_is_read_and_nothing_changed(bool withToken)
    {
        await using var tenant = await TestTenant.StartAsync(
            credential: withToken ? sim => new TestCredential(() => sim.IssueToken("app")) : null, pinned: Guid.NewGuid().ToString());
        for (var i = 0; i < 2; i++)
        {
            (await Should.ThrowAsync<TenantException>(tenant.Intune.VerifyAccessAsync(Token))).Kind.ShouldBe(FaultKind.WrongTenant);
            (await Should.ThrowAsync<TenantException>(tenant.Intune.RefreshAsync(Token))).Kind.ShouldBe(FaultKind.WrongTenant);
            (await Should.ThrowAsync<TenantException>(tenant.Intune.DeleteImportAsync("x", RequestLane.Delete, Token))).Kind.ShouldBe(FaultKind.WrongTenant);
        }

        tenant.Sim.Log.Entries.Count.ShouldBe(withToken ? 0 : 1);
        tenant.Intune.Current.ShouldBeNull();
    }

    [Fact]
    public async Task A_token_refused_in_the_middle_is_replaced_once_for_all()
    {
        TestCredential? credential = null;
        await using var tenant = await TestTenant.StartAsync(credential: sim => credential = new TestCredential(() => sim.IssueToken("app")));
        tenant.Seed(5, 1);
        tenant.Sim.AddFault(new FaultRule { Status = 401, Count = 3 });
        var snapshot = await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);
        snapshot.Faults.ShouldBeEmpty();
        credential!.Fetched.ShouldBeInRange(2, 4);

        tenant.Sim.AddFault(new FaultRule { Status = 401 });
        (await Should.ThrowAsync<TenantException>(tenant.Intune.RefreshAsync(Token))).Kind.ShouldBe(FaultKind.CredentialsInvalid);
        tenant.Intune.Current!.CertificateCount.ShouldBe(5);
    }

    [Fact]
    public async Task A_permission_that_is_granted_later_is_in_the_next_token_and_work_goes_on()
    {
        var granted = false;
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        TestCredential? credential = null;
        await using var tenant = await TestTenant.StartAsync(
            credential: sim => credential = new TestCredential(() => sim.IssueToken("app", granted ? null : ["DeviceManagementConfiguration.Read.All"])), time: clock);
        (await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token)).Faults.Keys.ShouldContain(SnapshotPart.MobileApps);

        // While the token is new, nothing could be in another one.
        (await tenant.Intune.RefreshAsync(Token)).Current.Faults.Keys.ShouldContain(SnapshotPart.MobileApps);
        credential!.Fetched.ShouldBe(1);

        granted = true;
        clock.Advance(TimeSpan.FromMinutes(10));
        await tenant.Intune.RefreshAsync(Token);
        (await tenant.Intune.RefreshAsync(Token)).Current.Faults.ShouldBeEmpty();
        credential.Fetched.ShouldBe(2);
    }

    [Fact]
    public async Task A_credential_that_fails_says_so_without_its_text()
    {
        await using var tenant = await TestTenant.StartAsync(credential: _ => new TestCredential(() =>
            throw new InvalidOperationException("AADSTS7000215: Invalid client secret 'hunter2'")));
        var fault = await Should.ThrowAsync<TenantException>(tenant.Intune.VerifyAccessAsync(Token));
        fault.Kind.ShouldBe(FaultKind.CredentialsInvalid);
        fault.Message.ShouldContain("AADSTS7000215");
        fault.ToString().ShouldNotContain("hunter2");
    }
}
