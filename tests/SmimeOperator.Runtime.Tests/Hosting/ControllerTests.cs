using k8s;
using k8s.Models;
using Microsoft.Extensions.Time.Testing;
using SmimeOperator.Testing;

namespace SmimeOperator.Runtime.Tests.Hosting;

public sealed class ControllerTests(Cluster cluster)
{
    [Fact]
    public async Task A_change_of_the_spec_is_a_persons_change_and_one_of_status_or_labels_is_none()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, probe: probe);
        await probe.Calls.CountAsync(1);
        app.Get<OperatorHealth>().Readiness().IsHealthy.ShouldBeTrue();
        app.Get<OperatorHealth>().Liveness().IsHealthy.ShouldBeTrue();

        await cluster.Server.Kubectl.RunAsync("label", "widgets", "w", "-n", ns, "color=red");
        await cluster.Server.Kubectl.RunAsync("patch", "widgets", "w", "-n", ns, "--subresource=status", "--type=merge", "-p", """{"status":{"phase":"x"}}""");
        await cluster.PatchAsync(ns, "w", """{"spec":{"size":2}}""");
        await cluster.PatchAsync(ns, "w", """{"metadata":{"annotations":{"reconcile.fluxcd.io/requestedAt":"now"}}}""");
        var calls = await probe.Calls.WhenAsync(static all => all.Any(static seen => seen.Widget.Metadata.Annotations?.Count > 0));

        // Two changes that follow each other closely may be one pass; those that do not matter never are one.
        calls.Count.ShouldBeInRange(2, 3);
        calls[0].Context.Priority.ShouldBe(QueuePriority.Background);
        calls[1].Context.Priority.ShouldBe(QueuePriority.Immediate);
        calls[1].Widget.Spec.Size.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_controller_throws_is_tried_again_and_hurts_nobody_else()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "bad");
        await cluster.CreateAsync(ns, "good");
        var probe = new WidgetProbe
        {
            OnReconcile = static (widget, _) => widget.Metadata.Name == "bad"
                ? throw new InvalidOperationException("boom")
                : Task.FromResult(ReconciliationResult<Widget>.Success(widget)),
        };
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, probe: probe);

        await probe.Calls.WhenAsync(all => probe.Of("bad").Count >= 5 && probe.Of("good").Count >= 1);

        probe.Of("bad").Select(static seen => seen.Context.Failures).Take(5).ShouldBe([0, 1, 2, 3, 4]);
        probe.Of("good").Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_result_says_when_to_look_again()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        var probe = new WidgetProbe
        {
            OnReconcile = static (widget, _) => Task.FromResult(ReconciliationResult<Widget>.Success(widget, TimeSpan.FromMilliseconds(10))),
        };
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, probe: probe);

        await probe.Calls.CountAsync(4);
    }

    [Fact]
    public async Task One_entity_is_never_worked_on_twice_at_once()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        var (running, most) = (0, 0);
        var probe = new WidgetProbe
        {
            OnReconcile = async (widget, token) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return ReconciliationResult<Widget>.Success(widget);
            },
        };
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, probe: probe, configure: static s => s.ParallelReconciliation = 8);
        for (var i = 2; i < 30; i++)
        {
            await cluster.PatchAsync(ns, "w", $$$"""{"spec":{"size":{{{i}}}}}""");
        }

        await probe.Calls.FirstAsync(static seen => seen.Widget.Spec.Size == 29);
        most.ShouldBe(1);
    }

    [Fact]
    public async Task A_deleted_entity_is_told_of_with_its_last_state()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, probe: probe);
        await probe.Calls.CountAsync(1);

        await cluster.DeleteAsync(ns, "w");

        var seen = await probe.Calls.FirstAsync(static seen => seen.Call == Call.Deleted);
        seen.Widget.Spec.Size.ShouldBe(1);
    }

    [Fact]
    public async Task A_secret_leads_to_its_owners_by_index_before_and_after_a_change()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "user", body => body["spec"]!["secretName"] = "s1");
        await cluster.CreateAsync(ns, "other", body => body["spec"]!["secretName"] = "s2");
        await cluster.CreateSecretAsync(ns, "s2", "x");
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, probe: probe, build: static b => b
            .AddController<WidgetController, Widget>()
            .AddIndex<Widget>("secret", static widget => widget.Spec.SecretName is { } name ? [name] : [])
            .AddRelatedMetadata<V1Secret, Widget>(
                static (secret, widgets) => widgets.ByIndex("secret", secret.Key.Name).Select(NamespacedName.Of),
                static (old, now) => !Equals(old?.Labels, now?.Labels) || old is null || now is null));
        await probe.Calls.CountAsync(2);

        await cluster.CreateSecretAsync(ns, "s1", "x");
        await probe.Calls.WhenAsync(all => probe.Of("user").Count == 2);
        await cluster.Client.CoreV1.DeleteNamespacedSecretAsync("s1", ns, cancellationToken: TestContext.Current.CancellationToken);
        await probe.Calls.WhenAsync(all => probe.Of("user").Count == 3);

        probe.Of("other").Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_operator_can_ask_for_passes_itself()
    {
        var ns = await cluster.NewNamespaceAsync();
        var widget = await cluster.CreateAsync(ns, "w");
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, probe: probe);
        await probe.Calls.CountAsync(1);

        app.Get<IEntityEnqueuer<Widget>>().Enqueue(new NamespacedName(ns, "w"));
        await probe.Calls.CountAsync(2);
        (await app.Get<EntityQueue<Widget>>()(widget, TimeSpan.FromMilliseconds(5), CancellationToken.None)).ShouldBeTrue();
        await probe.Calls.CountAsync(3);
    }

    [Fact]
    public async Task An_api_server_that_is_restarted_is_followed_again()
    {
        await using var server = new ApiServer();
        await server.InitializeAsync();
        _ = server.Address;
        await Cluster.InstallAsync(server);
        await server.Kubectl.ApplyAsync(Manifest("before"));
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(Cluster.ConfigurationOf(server), "default", probe: probe);
        await probe.Calls.CountAsync(1);

        await server.StopApiServerAsync();
        await server.StartApiServerAsync();
        await server.Kubectl.ApplyAsync(Manifest("after"));

        await probe.Calls.FirstAsync(static seen => seen.Widget.Metadata.Name == "after");
        probe.Of("before").Count.ShouldBe(1);

        static string Manifest(string name) =>
            $$$"""{"apiVersion":"{{{Widget.KubeGroup}}}/v1","kind":"Widget","metadata":{"name":"{{{name}}}","namespace":"default"},"spec":{"size":1}}""";
    }

    [Fact]
    public async Task While_etcd_stands_still_nothing_is_lost_and_work_goes_on_when_it_answers_again()
    {
        await using var server = new ApiServer();
        await server.InitializeAsync();
        _ = server.Address;
        await Cluster.InstallAsync(server);
        await server.Kubectl.ApplyAsync(Manifest("w"));
        await using var proxy = await ApiProxy.StartAsync(server);
        var writes = new Signals<Passed>();
        proxy.Answer = passed =>
        {
            if (passed.Method == "PATCH" && passed.Path.EndsWith("/status", StringComparison.Ordinal))
            {
                writes.Add(passed);
            }

            return null;
        };
        RunningOperator? app = null;
        var time = new FakeTimeProvider();
        var logs = new Signals<string>();
        var started = new TaskCompletionSource();
        var paused = new TaskCompletionSource();
        var probe = new WidgetProbe
        {
            OnReconcile = async (widget, token) =>
            {
                started.TrySetResult();
                await paused.Task;
                await app!.Get<IStatusWriter<Widget>>().WriteAsync(widget, new WidgetStatus { ObservedGeneration = 1, Phase = "done" }, token);
                return ReconciliationResult<Widget>.Success(widget);
            },
        };
        await using (app = await RunningOperator.StartAsync(proxy.Configure(Cluster.ConfigurationOf(server)), "default", probe: probe, logs: logs, time: time))
        {
            await started.Task.WaitAsync(TestContext.Current.CancellationToken);
            await server.PauseEtcdAsync();
            paused.SetResult();
            await writes.CountAsync(1);

            // After a minute nobody waits for this answer any more: the pass ends, and the next one writes again.
            time.Advance(TimeSpan.FromSeconds(60));
            (await logs.FirstAsync(static line => line.StartsWith("1400 ", StringComparison.Ordinal))).ShouldContain("did not answer PATCH");
            time.Advance(TimeSpan.FromSeconds(1));
            await writes.CountAsync(2);

            // Slow is not dead: whoever probes it lets it live.
            app.Get<OperatorHealth>().Liveness().IsHealthy.ShouldBeTrue();
            await server.ResumeEtcdAsync();

            await server.Kubectl.RunAsync("wait", "--for=jsonpath={.status.phase}=done", "--timeout=60s", "widgets/w");
            await server.Kubectl.ApplyAsync(Manifest("later"));
            await probe.Calls.FirstAsync(static seen => seen.Widget.Metadata.Name == "later");
        }

        static string Manifest(string name) =>
            $$$"""{"apiVersion":"{{{Widget.KubeGroup}}}/v1","kind":"Widget","metadata":{"name":"{{{name}}}","namespace":"default"},"spec":{"size":1}}""";
    }
}
