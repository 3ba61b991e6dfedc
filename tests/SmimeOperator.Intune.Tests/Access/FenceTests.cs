using SmimeOperator.Intune.Tests.Tenant;

namespace SmimeOperator.Intune.Tests.Access;

/// <summary>Nobody writes who may have been followed by another process: asked before a request goes out, and again where it meets the network.</summary>
public sealed class FenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Behind_a_closed_fence_no_write_leaves_and_reads_go_on()
    {
        var fence = new Fence();
        await using var tenant = await TestTenant.StartAsync(network: new SocketsHttpHandler(), fence: fence);
        var app = tenant.Sim.AddStoreApp();
        await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);

        fence.Answer = static _ => false;
        await Should.ThrowAsync<WriteFencedException>(
            tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token));

        (await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token)).Faults.ShouldBeEmpty();
        tenant.Requests.ShouldAllBe(static r => !r.IsWrite);
    }

    [Fact]
    public async Task A_write_that_was_let_pass_is_stopped_at_its_connection_when_the_fence_has_closed_meanwhile()
    {
        var fence = new Fence();
        await using var tenant = await TestTenant.StartAsync(fence: fence);
        var app = tenant.Sim.AddStoreApp();
        await tenant.Intune.GetSnapshotAsync(TimeSpan.Zero, Token);

        // Open for the first question, which comes before the request is given to a connection.
        fence.Answer = static asked => asked == 1;
        await Should.ThrowAsync<Exception>(
            tenant.Intune.CreateAsync(TenantCollection.AppConfigurations, TestTenant.AppPolicy("p", app), RequestLane.Create, Token));

        tenant.Requests.ShouldAllBe(static r => !r.IsWrite);
        tenant.Sim.Count("mobileAppConfigurations").ShouldBe(0);
    }

    private sealed class Fence : IWriteFence
    {
        private Func<int, bool> _answer = static _ => true;
        private int _asked;

        /// <summary>The answer to the n-th question from now on.</summary>
        public Func<int, bool> Answer
        {
            set => (_asked, _answer) = (0, value);
        }

        public bool IsOpen => _answer(Interlocked.Increment(ref _asked));
    }
}
