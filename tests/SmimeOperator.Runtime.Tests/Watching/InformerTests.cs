using k8s.Models;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Tests.Watching;

public sealed class InformerTests(Cluster cluster)
{
    [Fact]
    public async Task A_list_longer_than_a_page_is_read_whole()
    {
        var ns = await cluster.NewNamespaceAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1203), TestContext.Current.CancellationToken, async (i, _) =>
            await cluster.CreateAsync(ns, $"w{i}"));
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var app = await RunningOperator.StartAsync(proxy.Configure(cluster.Configuration), ns, static b => b.AddStore<Widget>());

        await app.Get<EntityInformer<Widget>>().Synced.WaitAsync(TestContext.Current.CancellationToken);

        app.Widgets.Count.ShouldBe(1203);
        proxy.Requests.All.Count(static request => request.IsList).ShouldBe(3);
    }

    [Fact]
    public async Task The_store_follows_what_happens()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "before");
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, static b => b.AddStore<Widget>());
        var informer = app.Get<EntityInformer<Widget>>();
        var changes = app.Changes(informer);
        await informer.Synced.WaitAsync(TestContext.Current.CancellationToken);

        await cluster.CreateAsync(ns, "after");
        await changes.FirstAsync(static change => change == "+after");
        await cluster.PatchAsync(ns, "after", """{"spec":{"size":7}}""");
        await changes.FirstAsync(static change => change == "*after");
        app.Widgets.TryGet(new NamespacedName(ns, "after"), out var after).ShouldBeTrue();
        after.Spec.Size.ShouldBe(7);
        await cluster.DeleteAsync(ns, "before");
        await changes.FirstAsync(static change => change == "-before");
        app.Widgets.List().Select(static widget => widget.Metadata.Name).ShouldBe(["after"]);
    }

    [Fact]
    public async Task Only_the_named_namespaces_are_looked_at()
    {
        var (one, two, other) = (await cluster.NewNamespaceAsync(), await cluster.NewNamespaceAsync(), await cluster.NewNamespaceAsync());
        foreach (var ns in new[] { one, two, other })
        {
            await cluster.CreateAsync(ns, "w");
        }

        await using var app = await RunningOperator.StartAsync(
            cluster.Configuration,
            one,
            static b => b.AddStore<Widget>().AddMetadataStore<V1Namespace>(),
            settings => settings.Namespaces = [one, two]);
        await app.Get<EntityInformer<Widget>>().Synced.WaitAsync(TestContext.Current.CancellationToken);
        await app.Get<MetadataInformer<V1Namespace>>().Synced.WaitAsync(TestContext.Current.CancellationToken);

        app.Widgets.List().Select(static widget => widget.Metadata.NamespaceProperty).ShouldBe([one, two], ignoreOrder: true);
        app.Get<IMetadataStore<V1Namespace>>().List().Select(static item => item.Key.Name).ShouldBe([one, two], ignoreOrder: true);
    }

    [Fact]
    public async Task An_index_follows_its_objects()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "a", body => body["spec"]!["secretName"] = "s1");
        await cluster.CreateAsync(ns, "b", body => body["spec"]!["secretName"] = "s1");
        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, static b => b
            .AddStore<Widget>()
            .AddIndex<Widget>("secret", static widget => widget.Spec.SecretName is { } name ? [name] : []));
        var changes = app.Changes(app.Get<EntityInformer<Widget>>());
        await app.Get<EntityInformer<Widget>>().Synced.WaitAsync(TestContext.Current.CancellationToken);
        Names("s1").ShouldBe(["a", "b"], ignoreOrder: true);

        await cluster.PatchAsync(ns, "a", """{"spec":{"secretName":"s2"}}""");
        await changes.FirstAsync(static change => change == "*a");

        Names("s1").ShouldBe(["b"]);
        Names("s2").ShouldBe(["a"]);
        Should.Throw<ArgumentException>(() => app.Widgets.ByIndex("none", "s1"));

        IEnumerable<string> Names(string secret) => app.Widgets.ByIndex("secret", secret).Select(static widget => widget.Metadata.Name);
    }

    [Fact]
    public async Task A_watch_that_falls_silent_is_opened_again_and_misses_nothing()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, "goes");
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        var logs = new Signals<string>();
        await using var app = await RunningOperator.StartAsync(
            proxy.Configure(cluster.Configuration), ns, static b => b.AddStore<Widget>(), logs: logs, idleLimit: TimeSpan.FromSeconds(2));
        var changes = app.Changes(app.Get<EntityInformer<Widget>>());
        await proxy.Requests.FirstAsync(static request => request.IsWatch);
        proxy.StallWatches();

        await cluster.DeleteAsync(ns, "goes");

        await changes.FirstAsync(static change => change == "-goes");
        logs.All.ShouldContain(static line => line.StartsWith("1104 ", StringComparison.Ordinal));
        proxy.Requests.All.Count(static request => request.IsList).ShouldBe(1);
    }
}
