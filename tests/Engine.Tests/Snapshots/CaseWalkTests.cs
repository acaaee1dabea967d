using KpiStream.Engine.Snapshots;

namespace KpiStream.Engine.Tests.Snapshots;

/// <summary>Cases copied while they change, against a plain copy of all of them.</summary>
public class CaseWalkTests(ITestOutputHelper output)
{
    private const int Cases = 12_000;

    [Fact]
    public void CopyingWhileCasesChange_GivesThemAsTheyWere()
    {
        for (var trial = 0; trial < LongRuns.Scale(3); trial++)
        {
            var seed = 6_100 + trial;
            output.WriteLine($"seed {seed}");
            var random = new Random(seed);
            var scene = new SnapshotScene(seed);
            for (var number = 0; number < Cases; number++)
            {
                scene.Add(number);
            }

            var expected = Enumerable.Range(0, Cases).ToDictionary(scene.IdOf, scene.Describe);
            var walk = new CaseWalk(scene.Cases);
            var slices = Walk(scene, walk, random);
            walk.End();
            Assert.True(slices.Count > 1, "a walk of one slice proves little");
            Assert.Equal(expected, scene.Read(slices));
        }
    }

    [Fact]
    public void EveryCaseChangedBeforeTheFirstSlice_IsCopiedOnce()
    {
        var scene = new SnapshotScene(1);
        for (var number = 0; number < Cases; number++)
        {
            scene.Add(number);
        }

        var walk = new CaseWalk(scene.Cases);
        for (var number = 0; number < Cases; number++)
        {
            scene.Cases.Read(number, out var record);
            walk.Keep(number, in record);
            walk.Keep(number, in record);
        }

        Assert.False(walk.IsAbandoned);
        var read = new List<byte[]>();
        while (walk.Take() is { } slice)
        {
            read.Add(slice.Bytes.ToArray());
            slice.Return();
        }

        Assert.Equal(Cases, scene.Read(read).Count);
    }

    [Fact]
    public void CutAnywhere_ASliceIsBrokenOrShorter()
    {
        var scene = new SnapshotScene(5);
        for (var number = 0; number < 20; number++)
        {
            scene.Add(number);
        }

        var walk = new CaseWalk(scene.Cases);
        var whole = walk.Take()!.Bytes.ToArray();
        var counts = new List<int>();
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                counts.Add(scene.Read([whole[..length]]).Count);
            }
            catch (InvalidDataException)
            {
                counts.Add(-1);
            }
        }

        Assert.Equal(20, scene.Read([whole]).Count);
        Assert.All(counts, count => Assert.InRange(count, -1, 19));
        Assert.Equal(20, counts.Count(count => count >= 0));
    }

    private static List<byte[]> Walk(SnapshotScene scene, CaseWalk walk, Random random)
    {
        var slices = new List<byte[]>();
        while (walk.Take() is { } slice)
        {
            slices.Add(slice.Bytes.ToArray());
            slice.Return();
            for (var change = random.Next(2_000); change > 0; change--)
            {
                var number = random.Next(scene.Cases.Count);
                scene.Cases.Read(number, out var record);
                walk.Keep(number, in record);
                scene.Change(number);
            }

            scene.Add(scene.Cases.Count);
        }

        return slices;
    }
}
