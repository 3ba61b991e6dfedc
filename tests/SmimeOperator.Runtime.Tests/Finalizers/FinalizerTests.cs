using System.Text.Json.Nodes;

namespace SmimeOperator.Runtime.Tests.Finalizers;

public sealed class FinalizerTests(Cluster cluster)
{
    private const string Foreign = "somebody.example/else";

    private static void Build(IOperatorBuilder builder) => builder
        .AddController<WidgetController, Widget>()
        .AddFinalizer<WidgetFinalizer, Widget>(Widget.Finalizer);

    [Fact]
    public async Task It_is_there_before_the_controller_is_called_and_nothing_else_is_touched()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w", static body =>
        {
            body["metadata"]!["finalizers"] = new JsonArray(Foreign);
            body["spec"]!["unknownToTheType"] = "kept";
        });
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, Build, probe: probe);

        var seen = await probe.Calls.FirstAsync(static seen => seen.Call == Call.Reconcile);

        seen.Widget.Metadata.Finalizers.ShouldBe([Foreign, Widget.Finalizer]);
        var stored = await cluster.ReadAsync(ns, "w");
        stored!["spec"]!["unknownToTheType"]!.GetValue<string>().ShouldBe("kept");
        stored["metadata"]!["finalizers"]!.AsArray().Select(static item => item!.GetValue<string>()).ShouldBe([Foreign, Widget.Finalizer]);
        var ours = stored["metadata"]!["managedFields"]!.AsArray().Single(static entry => entry!["manager"]!.GetValue<string>() == "runtime-test")!;
        ours["fieldsV1"]!.AsObject().Select(static member => member.Key).ShouldBe(["f:metadata"]);
        ours["fieldsV1"]!["f:metadata"]!.AsObject().Select(static member => member.Key).ShouldBe(["f:finalizers"]);
    }

    [Fact]
    public async Task Cleaning_up_is_repeated_until_it_succeeds_and_then_only_ours_is_removed()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w", static body => body["metadata"]!["finalizers"] = new JsonArray(Foreign));
        var attempts = 0;
        var probe = new WidgetProbe
        {
            OnFinalize = (widget, _) => ++attempts switch
            {
                1 => throw new InvalidOperationException("not yet"),
                2 => Task.FromResult(ReconciliationResult<Widget>.Failure(widget, "still not")),
                _ => Task.FromResult(ReconciliationResult<Widget>.Success(widget)),
            },
        };
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, Build, probe: probe);
        var changes = app.Changes(app.Get<SmimeOperator.Runtime.Watching.EntityInformer<Widget>>());
        await probe.Calls.CountAsync(1);

        await cluster.DeleteAsync(ns, "w");
        await probe.Calls.WhenAsync(static all => all.Count(static seen => seen.Call == Call.Finalize) == 3);
        await changes.WhenAsync(_ => app.Widgets.TryGet(new NamespacedName(ns, "w"), out var widget) && widget.Metadata.Finalizers is [Foreign]);

        await cluster.PatchAsync(ns, "w", """{"metadata":{"finalizers":null}}""");
        await probe.Calls.FirstAsync(static seen => seen.Call == Call.Deleted);
        attempts.ShouldBe(3);
    }

    [Fact]
    public async Task A_list_that_somebody_else_changes_meanwhile_is_not_overwritten()
    {
        var ns = await cluster.NewNamespaceAsync();
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await cluster.CreateAsync(ns, "w");
        var changed = 0;
        proxy.Answer = passed =>
        {
            if (passed.Method == "PATCH" && Interlocked.Exchange(ref changed, 1) == 0)
            {
                // Between our decision and our patch.
                cluster.PatchAsync(ns, "w", $$$"""{"metadata":{"finalizers":["{{{Foreign}}}"]}}""").GetAwaiter().GetResult();
            }

            return null;
        };
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(proxy.Configure(cluster.Configuration), ns, Build, probe: probe);

        var seen = await probe.Calls.FirstAsync(static seen => seen.Call == Call.Reconcile);

        seen.Widget.Metadata.Finalizers.ShouldBe([Foreign, Widget.Finalizer]);
        proxy.Requests.All.Count(static request => request.Method == "PATCH").ShouldBe(2);
        proxy.Requests.All.ShouldNotContain(static request => request.Method == "PUT");
    }

    [Fact]
    public async Task A_finalizer_that_somebody_removes_comes_back()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        var probe = new WidgetProbe();
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, Build, probe: probe);
        await probe.Calls.CountAsync(1);

        await cluster.PatchAsync(ns, "w", """{"metadata":{"finalizers":null}}""");

        var calls = await probe.Calls.CountAsync(2);
        calls[1].Widget.Metadata.Finalizers.ShouldBe([Widget.Finalizer]);
    }

    [Fact]
    public async Task What_is_cleaned_up_is_let_go_even_when_the_process_is_told_to_stop_in_between()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "w");
        Task? stopping = null;
        RunningOperator? app = null;
        var probe = new WidgetProbe();
        probe.OnFinalize = (widget, token) =>
        {
            var stopped = new TaskCompletionSource<ReconciliationResult<Widget>>();
            token.Register(() => stopped.SetResult(ReconciliationResult<Widget>.Success(widget)));
            stopping = app!.StopAsync();
            return stopped.Task;
        };
        await using (app = await RunningOperator.StartAsync(cluster.Configuration, ns, Build, probe: probe))
        {
            await probe.Calls.CountAsync(1);
            await cluster.DeleteAsync(ns, "w");
            await probe.Calls.FirstAsync(static seen => seen.Call == Call.Finalize);
        }

        await stopping!;
        (await cluster.ReadAsync(ns, "w")).ShouldBeNull();
    }
}
