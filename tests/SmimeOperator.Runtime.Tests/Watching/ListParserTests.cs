using System.Text;
using System.Text.Json;
using CsCheck;
using SmimeOperator.Runtime.Stores;
using SmimeOperator.Runtime.Watching;

namespace SmimeOperator.Runtime.Tests.Watching;

/// <summary>A list read as it arrives is the list read at once, wherever the network cuts it, and what is no whole list is none.</summary>
public sealed class ListParserTests
{
    private const string List = """
        {"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","more":[1,{"items":[]}],
         "metadata":{"resourceVersion":"4711","continue":"tök\u0065n","remainingItemCount":3},
         "items":[
           {"kind":"PartialObjectMetadata","metadata":{"name":"a","namespace":"x","uid":"1","resourceVersion":"7","labels":{"q":"}],{\"","ü":"\ud83d\ude00"}}},
           {"spec":{"deep":[[[{"a":null}]]]},"metadata":{"name":"b","namespace":"x","deletionTimestamp":"2026-01-01T00:00:00Z"}},
           {"metadata":{"namespace":"x"}}
         ],"last":true}
        """;

    [Fact]
    public void Wherever_it_is_cut_it_is_the_same_list()
    {
        var whole = Encoding.UTF8.GetBytes(List);
        Gen.Int[1, 40].List[0, 12].Sample(
            sizes =>
            {
                var page = Read(whole, sizes);
                page.ResourceVersion.ShouldBe("4711");
                page.Continue.ShouldBe("tök\u0065n");
                page.Items.Select(i => (i.Key.ToString(), i.Error is null)).ShouldBe([("x/a", true), ("x/b", true), ("x/", false)]);
                page.Items[0].Item!.Labels.ShouldBe(new Dictionary<string, string> { ["q"] = "}],{\"", ["ü"] = "😀" });
                page.Items[1].Item!.IsDeleting.ShouldBeTrue();
            },
            iter: 500);
    }

    [Fact]
    public void Cut_off_anywhere_it_is_no_list()
    {
        var whole = Encoding.UTF8.GetBytes(List);
        for (var length = 0; length < whole.Length; length++)
        {
            Should.Throw<JsonException>(() => Read(whole[..length], [3]), $"after {length} bytes");
        }
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"1"}}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"metadata":{},"items":[]}""")]
    [InlineData("""{"kind":"Status","metadata":{},"status":"Failure"}""")]
    [InlineData("[]")]
    [InlineData("7")]
    public void What_is_no_list_never_reads_as_an_empty_one(string json) =>
        Should.Throw<InvalidDataException>(() => Read(Encoding.UTF8.GetBytes(json), [2]));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    public void An_empty_list_is_one(string items) =>
        Read(Encoding.UTF8.GetBytes($$$"""{"metadata":{"resourceVersion":"1","continue":""},"items":{{{items}}}}"""), [1]).ShouldSatisfyAllConditions(
            p => p.Items.ShouldBeEmpty(), p => p.Continue.ShouldBeNull());

    // As a connection gives it: some bytes at a time, and what was not taken stands in front of the next.
    private static ListPage<ObjectMetadata> Read(byte[] json, IReadOnlyList<int> sizes)
    {
        var parser = new ListParser<ObjectMetadata>(new MetadataCodec());
        var (start, end) = (0, 0);
        for (var turn = 0; end < json.Length; turn++)
        {
            end = Math.Min(json.Length, end + (sizes.Count == 0 ? json.Length : sizes[turn % sizes.Count]));
            start += parser.Read(json.AsSpan(start..end), isLast: false);
        }

        parser.Read(json.AsSpan(start), isLast: true);
        return parser.Page();
    }
}
