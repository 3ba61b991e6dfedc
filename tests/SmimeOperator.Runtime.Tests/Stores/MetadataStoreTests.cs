using System.Text;
using k8s;
using k8s.Models;
using SmimeOperator.Runtime.Stores;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Tests.Stores;

public sealed class MetadataStoreTests(Cluster cluster)
{
    [Fact]
    public async Task The_data_of_secrets_never_reaches_the_process_unless_it_is_asked_for()
    {
        const string Canary = "canary-0123456789";
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateSecretAsync(ns, "before", Canary, new Dictionary<string, string>(StringComparer.Ordinal) { ["user"] = "alice" });
        await using var proxy = await ApiProxy.StartAsync(cluster.Server);
        await using var app = await RunningOperator.StartAsync(
            proxy.Configure(cluster.Configuration), ns, static b => b
                .AddMetadataStore<V1Secret>()
                .AddMetadataIndex<V1Secret>("user", static secret => secret.Labels.TryGetValue("user", out var user) ? [user] : []));
        var informer = app.Get<MetadataInformer<V1Secret>>();
        var changes = app.Changes(informer);
        await informer.Synced.WaitAsync(TestContext.Current.CancellationToken);
        await cluster.CreateSecretAsync(ns, "after", Canary);
        await changes.FirstAsync(static change => change == "+after");

        var store = app.Get<IMetadataStore<V1Secret>>();
        store.Count.ShouldBe(2);
        store.ByIndex("user", "alice").Single().Key.Name.ShouldBe("before");
        store.TryGet(new NamespacedName(ns, "after"), out var after).ShouldBeTrue();
        after.Uid.Length.ShouldBe(36);
        proxy.Received.ShouldContain("PartialObjectMetadata");
        proxy.Received.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(Canary)));

        var secret = await app.Get<IObjectReader>().GetAsync<V1Secret>(new NamespacedName(ns, "after"), TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(secret!.Data["key"]).ShouldBe(Canary);
        (await app.Get<IObjectReader>().GetAsync<V1Secret>(new NamespacedName(ns, "none"), TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task An_object_that_is_larger_than_what_arrives_at_once_is_listed_whole_and_so_are_its_neighbours()
    {
        var ns = await cluster.NewNamespaceAsync();
        var text = new string('x', 200_000);
        foreach (var (name, annotation) in ((string, string)[])[("a", "small"), ("b", text), ("c", "small")])
        {
            await cluster.Client.CoreV1.CreateNamespacedConfigMapAsync(
                new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name, Annotations = new Dictionary<string, string> { ["note"] = annotation } } }, ns,
                cancellationToken: TestContext.Current.CancellationToken);
        }

        await using var app = await RunningOperator.StartAsync(cluster.Configuration, ns, static b => b.AddMetadataStore<V1ConfigMap>());
        await app.Get<MetadataInformer<V1ConfigMap>>().Synced.WaitAsync(TestContext.Current.CancellationToken);

        var store = app.Get<IMetadataStore<V1ConfigMap>>();
        store.TryGet(new NamespacedName(ns, "b"), out var large).ShouldBeTrue();
        large.Annotations["note"].ShouldBe(text);
        store.TryGet(new NamespacedName(ns, "c"), out _).ShouldBeTrue();
    }

    [Fact]
    public void Fifty_thousand_secrets_take_less_than_forty_megabytes()
    {
        var codec = new MetadataCodec();
        var store = new ObjectStore<ObjectMetadata>(codec, []);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 50_000; i++)
        {
            var json = $$$"""
                {"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"user-{{{i}}}-smime","namespace":"team-{{{i % 50}}}",
                "uid":"{{{Guid.NewGuid()}}}","resourceVersion":"{{{100_000_000 + i}}}","creationTimestamp":"2026-01-01T00:00:00Z",
                "labels":{"app.kubernetes.io/managed-by":"cert-manager","controller.cert-manager.io/fao":"true","team":"t{{{i % 50}}}"},
                "annotations":{"cert-manager.io/certificate-name":"user-{{{i}}}","cert-manager.io/issuer-kind":"ClusterIssuer","cert-manager.io/issuer-name":"smime",
                "kubectl.kubernetes.io/last-applied-configuration":"{{{new string('x', 500)}}}"},
                "managedFields":[{"manager":"cert-manager","operation":"Apply","fieldsV1":{"f:data":{ } } }]} }
                """;
            codec.TryRead(Encoding.UTF8.GetBytes(json), out var item, out _).ShouldBeTrue();
            store.Upsert(item!);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(40L * 1024 * 1024);
        store.TryGet(new NamespacedName("team-7", "user-7-smime"), out var seven).ShouldBeTrue();
        seven.Annotations.Keys.ShouldBe(["cert-manager.io/certificate-name", "cert-manager.io/issuer-kind", "cert-manager.io/issuer-name"]);
    }
}
