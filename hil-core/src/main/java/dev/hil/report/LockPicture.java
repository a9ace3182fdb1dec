package dev.hil.report;

import dev.hil.klog.LockGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.math.ElkPadding;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeLabelPlacement;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkBendPoint;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkLabel;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * A lock graph with places: locks in layers from top to bottom, so that a chain of eight fits a narrow page, arrows led
 * around them at right angles. All numbers are CSS pixels.
 *
 * @param width of the whole
 * @param height of the whole
 * @param boxes the locks
 * @param arrows the acquisitions
 */
public record LockPicture(double width, double height, List<Box> boxes, List<Arrow> arrows) {
    /** Of a character of the monospaced font at 12 and at 11 pixels, a little more than it takes. */
    private static final double NAME = 7.5;

    private static final double SMALL = 6.9;
    private static final double LINE = 15;
    private static final double CORNER = 6;
    private static final int LONGEST_NAME = 34;
    private static final int LONGEST_LABEL = 40;

    /**
     * A lock.
     *
     * @param name as much of it as fits
     * @param whole all of it
     * @param role as a CSS class
     * @param states lines under the name
     */
    public record Box(
            double x,
            double y,
            double width,
            double height,
            String name,
            String whole,
            String role,
            List<String> states) {}

    /**
     * An acquisition.
     *
     * @param path of an SVG path
     * @param head of the arrow, as points of a polygon
     * @param x where its label begins
     * @param y the base line of its first line
     * @param label lines
     * @param whole the stack, for a tool tip
     * @param closing whether it closes the circle
     */
    public record Arrow(
            String path, String head, double x, double y, List<String> label, String whole, boolean closing) {}

    static LockPicture of(LockGraph graph) {
        ElkNode root = ElkGraphUtil.createGraph();
        root.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
        root.setProperty(CoreOptions.DIRECTION, Direction.DOWN);
        root.setProperty(CoreOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
        root.setProperty(CoreOptions.PADDING, new ElkPadding(8));
        root.setProperty(CoreOptions.SPACING_NODE_NODE, 24.0);
        root.setProperty(CoreOptions.SPACING_EDGE_NODE, 14.0);
        root.setProperty(CoreOptions.SPACING_EDGE_LABEL, 5.0);
        root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 16.0);
        root.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 12.0);
        root.setProperty(LayeredOptions.FEEDBACK_EDGES, true);
        Map<String, ElkNode> nodes = new HashMap<>();
        for (LockGraph.Node lock : graph.nodes()) {
            ElkNode node = ElkGraphUtil.createNode(root);
            double width = cut(lock.name(), LONGEST_NAME).length() * NAME;
            for (String state : lock.states()) {
                width = Math.max(width, state.length() * SMALL);
            }
            node.setDimensions(width + 20, 26 + lock.states().size() * LINE);
            nodes.put(lock.name(), node);
        }
        List<ElkEdge> edges = new ArrayList<>();
        for (LockGraph.Edge link : graph.edges()) {
            ElkEdge edge = ElkGraphUtil.createSimpleEdge(nodes.get(link.from()), nodes.get(link.to()));
            List<String> lines = label(link);
            if (!lines.isEmpty()) {
                ElkLabel label = ElkGraphUtil.createLabel(String.join("\n", lines), edge);
                label.setDimensions(
                        lines.stream().mapToInt(String::length).max().orElse(0) * SMALL + 4, lines.size() * LINE);
                label.setProperty(CoreOptions.EDGE_LABELS_PLACEMENT, EdgeLabelPlacement.CENTER);
            }
            // The circle is closed from below: all else runs down.
            edge.setProperty(LayeredOptions.PRIORITY_DIRECTION, link.closing() ? 0 : 10);
            edges.add(edge);
        }
        new RecursiveGraphLayoutEngine().layout(root, new BasicProgressMonitor());
        List<Box> boxes = new ArrayList<>();
        for (LockGraph.Node lock : graph.nodes()) {
            ElkNode node = nodes.get(lock.name());
            if (node != null) {
                boxes.add(new Box(
                        node.getX(),
                        node.getY(),
                        node.getWidth(),
                        node.getHeight(),
                        cut(lock.name(), LONGEST_NAME),
                        lock.name(),
                        lock.role().name().toLowerCase(Locale.ROOT),
                        lock.states()));
            }
        }
        List<Arrow> arrows = new ArrayList<>();
        for (int i = 0; i < edges.size(); i++) {
            arrows.add(arrow(edges.get(i), graph.edges().get(i)));
        }
        return new LockPicture(Math.ceil(root.getWidth()), Math.ceil(root.getHeight()), boxes, arrows);
    }

    private static List<String> label(LockGraph.Edge link) {
        List<String> lines = new ArrayList<>();
        if (link.closing()) {
            lines.add("closes the circle:");
        }
        if (!link.at().isEmpty()) {
            lines.add(cut(link.at() + "()", LONGEST_LABEL));
        }
        for (int at = 0; at < link.remark().length() && lines.size() < 4; at += LONGEST_LABEL) {
            lines.add(link.remark().substring(at, Math.min(link.remark().length(), at + LONGEST_LABEL)));
        }
        return lines;
    }

    private static Arrow arrow(ElkEdge edge, LockGraph.Edge link) {
        List<double[]> points = new ArrayList<>();
        for (ElkEdgeSection section : edge.getSections()) {
            points.add(new double[] {section.getStartX(), section.getStartY()});
            for (ElkBendPoint bend : section.getBendPoints()) {
                points.add(new double[] {bend.getX(), bend.getY()});
            }
            points.add(new double[] {section.getEndX(), section.getEndY()});
        }
        ElkLabel label = edge.getLabels().isEmpty() ? null : edge.getLabels().get(0);
        return new Arrow(
                path(points),
                head(points),
                label == null ? 0 : label.getX() + 2,
                label == null ? 0 : label.getY() + LINE - 4,
                label(link),
                link.functions().isEmpty()
                        ? "%s, then %s".formatted(link.from(), link.to())
                        : "%s, then %s in%n%s".formatted(link.from(), link.to(), String.join("\n", link.functions())),
                link.closing());
    }

    /** With round corners: where arrows run beside each other, one is followed more easily. */
    private static String path(List<double[]> points) {
        if (points.isEmpty()) {
            return "";
        }
        StringBuilder path = new StringBuilder();
        append(path, 'M', points.get(0));
        for (int i = 1; i < points.size() - 1; i++) {
            double[] corner = points.get(i);
            append(path, 'L', towards(corner, points.get(i - 1)));
            append(path, 'Q', corner);
            append(path, ' ', towards(corner, points.get(i + 1)));
        }
        append(path, 'L', points.get(points.size() - 1));
        return path.toString();
    }

    private static double[] towards(double[] from, double[] to) {
        double dx = to[0] - from[0];
        double dy = to[1] - from[1];
        double length = Math.hypot(dx, dy);
        double part = length == 0 ? 0 : Math.min(CORNER, length / 2) / length;
        return new double[] {from[0] + dx * part, from[1] + dy * part};
    }

    private static void append(StringBuilder path, char command, double[] point) {
        path.append(command).append(number(point[0])).append(' ').append(number(point[1]));
    }

    private static String head(List<double[]> points) {
        if (points.size() < 2) {
            return "";
        }
        double[] tip = points.get(points.size() - 1);
        double[] before = points.get(points.size() - 2);
        double length = Math.hypot(tip[0] - before[0], tip[1] - before[1]);
        double dx = length == 0 ? 0 : (tip[0] - before[0]) / length;
        double dy = length == 0 ? 1 : (tip[1] - before[1]) / length;
        return "%s,%s %s,%s %s,%s"
                .formatted(
                        number(tip[0]),
                        number(tip[1]),
                        number(tip[0] - 9 * dx - 4 * dy),
                        number(tip[1] - 9 * dy + 4 * dx),
                        number(tip[0] - 9 * dx + 4 * dy),
                        number(tip[1] - 9 * dy - 4 * dx));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
